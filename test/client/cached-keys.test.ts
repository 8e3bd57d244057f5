import { CachedKeys } from '../../client/cached-keys';
import { rotatedKey } from './support/keys';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-23T12:00:00Z');
const [OLD, NEXT] = [rotatedKey('OLD'), rotatedKey('NEXT', NOW - 5_000)];

let cached: CachedKeys;
const servedAfter = (ms: number): string | undefined => cached.served(NOW + ms)?.accessKeyId;
beforeEach(() => {
  cached = new CachedKeys(MINUTE);
});

it('no key is served before one was read', () => {
  expect(cached.served(NOW)).toBeUndefined();
});

it('the first key is served at once, however young it is', () => {
  cached.setCurrent(NEXT, NOW);
  expect(servedAfter(0)).toBe(NEXT.accessKeyId);
});

it('a new key is served as soon as it is a minute old, and until then the one that has worked all the time', () => {
  cached.setCurrent(OLD, NOW - MINUTE);
  cached.setCurrent(NEXT, NOW);

  expect(servedAfter(54_999)).toBe(OLD.accessKeyId);
  expect(servedAfter(55_000)).toBe(NEXT.accessKeyId);
});

it('a new key is served a minute after it was first seen where this machine’s clock is behind', () => {
  const fromTheFuture = { ...NEXT, createdAt: NOW + 60 * MINUTE };
  cached.setCurrent(OLD, NOW - MINUTE);
  cached.setCurrent(fromTheFuture, NOW);
  cached.setCurrent(fromTheFuture, NOW + MINUTE / 2);

  expect(servedAfter(MINUTE - 1)).toBe(OLD.accessKeyId);
  expect(servedAfter(MINUTE)).toBe(NEXT.accessKeyId);
});

it('the new key is served at once if the old one is refused', () => {
  cached.setCurrent(OLD, NOW - MINUTE);
  cached.setCurrent(NEXT, NOW);
  cached.refuse(OLD.accessKeyId, NOW);
  expect(servedAfter(0)).toBe(NEXT.accessKeyId);
});

it('the previous key is served for a minute if the current one is refused', () => {
  cached.setCurrent(NEXT, NOW);
  cached.setPrevious(OLD);
  cached.refuse(NEXT.accessKeyId, NOW + 2 * MINUTE);

  expect(servedAfter(2 * MINUTE)).toBe(OLD.accessKeyId);
  expect(servedAfter(3 * MINUTE)).toBe(NEXT.accessKeyId);
});

it('the current key is served if both are refused', () => {
  cached.setCurrent(NEXT, NOW);
  cached.setPrevious(OLD);
  cached.refuse(NEXT.accessKeyId, NOW);
  cached.refuse(OLD.accessKeyId, NOW);

  expect(servedAfter(0)).toBe(NEXT.accessKeyId);
  // A previous key does not come back to life while it is the previous key.
  cached.refuse(NEXT.accessKeyId, NOW + 24 * 60 * MINUTE);
  expect(servedAfter(24 * 60 * MINUTE)).toBe(NEXT.accessKeyId);
});

it('a refused key is served after a rollback has made it current again', () => {
  cached.setCurrent(OLD, NOW - 2 * MINUTE);
  cached.setCurrent(NEXT, NOW - MINUTE);
  cached.refuse(OLD.accessKeyId, NOW);
  cached.setCurrent(OLD, NOW);
  expect(servedAfter(0)).toBe(OLD.accessKeyId);

  cached.refuse(OLD.accessKeyId, NOW);
  expect(servedAfter(0)).toBe(NEXT.accessKeyId);
});

it('the refusal of a key that is not in memory changes nothing', () => {
  cached.setCurrent(NEXT, NOW);
  cached.refuse(OLD.accessKeyId, NOW);
  cached.setPrevious(OLD);
  cached.refuse(NEXT.accessKeyId, NOW);
  expect(servedAfter(0)).toBe(OLD.accessKeyId);
});

it('the current key is served if the previous version holds the same key', () => {
  cached.setCurrent(NEXT, NOW);
  cached.setPrevious(NEXT);
  cached.refuse(NEXT.accessKeyId, NOW);
  expect(servedAfter(0)).toBe(NEXT.accessKeyId);
});
