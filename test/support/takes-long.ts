/*
 * For every project but `unit`. The limit is for what hangs, and no measure of what is slow: with others on the same
 * processors an apply takes five times what it takes alone.
 */
// eslint-disable-next-line no-restricted-properties -- this is the place
jest.setTimeout(20 * 60_000);
