import { HeldKeys } from '../../client/held-keys';
import { rotatedKey } from './support/keys';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-23T12:00:00Z');
const [OLD, NEXT] = [rotatedKey('OLD'), rotatedKey('NEXT', NOW - 5_000)];

describe('which of the keys in memory is served', () => {
  let held: HeldKeys;
  const servedAfter = (ms: number): string | undefined => held.served(NOW + ms)?.accessKeyId;
  beforeEach(() => {
    held = new HeldKeys(MINUTE);
  });

  it('no key is served before one was read', () => {
    expect(held.served(NOW)).toBeUndefined();
  });

  it('the first key is served at once, however young it is', () => {
    held.hold(NEXT, NOW);
    expect(servedAfter(0)).toBe(NEXT.accessKeyId);
  });

  it('a new key is served as soon as it is a minute old, and until then the one that has worked all the time', () => {
    held.hold(OLD, NOW - MINUTE);
    held.hold(NEXT, NOW);

    expect(servedAfter(54_999)).toBe(OLD.accessKeyId);
    expect(servedAfter(55_000)).toBe(NEXT.accessKeyId);
  });

  it('a new key is served a minute after it was first seen where this machine’s clock is behind', () => {
    const fromTheFuture = { ...NEXT, createdAt: NOW + 60 * MINUTE };
    held.hold(OLD, NOW - MINUTE);
    held.hold(fromTheFuture, NOW);
    held.hold(fromTheFuture, NOW + MINUTE / 2);

    expect(servedAfter(MINUTE - 1)).toBe(OLD.accessKeyId);
    expect(servedAfter(MINUTE)).toBe(NEXT.accessKeyId);
  });

  it('the new key is served at once if the old one is refused', () => {
    held.hold(OLD, NOW - MINUTE);
    held.hold(NEXT, NOW);
    held.refuse(OLD.accessKeyId, NOW);
    expect(servedAfter(0)).toBe(NEXT.accessKeyId);
  });

  it('the previous key is served for a minute if the current one is refused', () => {
    held.hold(NEXT, NOW);
    held.holdPrevious(OLD);
    held.refuse(NEXT.accessKeyId, NOW + 2 * MINUTE);

    expect(servedAfter(2 * MINUTE)).toBe(OLD.accessKeyId);
    expect(servedAfter(3 * MINUTE)).toBe(NEXT.accessKeyId);
  });

  it('the current key is served, whatever else, if both are refused', () => {
    held.hold(NEXT, NOW);
    held.holdPrevious(OLD);
    held.refuse(NEXT.accessKeyId, NOW);
    held.refuse(OLD.accessKeyId, NOW);

    expect(servedAfter(0)).toBe(NEXT.accessKeyId);
    // A previous key does not come back to life while it is the previous key.
    held.refuse(NEXT.accessKeyId, NOW + 24 * 60 * MINUTE);
    expect(servedAfter(24 * 60 * MINUTE)).toBe(NEXT.accessKeyId);
  });

  it('a key that was refused is served if it has become current again: a rollback', () => {
    held.hold(OLD, NOW - 2 * MINUTE);
    held.hold(NEXT, NOW - MINUTE);
    held.refuse(OLD.accessKeyId, NOW);
    held.hold(OLD, NOW);
    expect(servedAfter(0)).toBe(OLD.accessKeyId);

    held.refuse(OLD.accessKeyId, NOW);
    expect(servedAfter(0)).toBe(NEXT.accessKeyId);
  });

  it('the refusal of a key that is not in memory changes nothing', () => {
    held.hold(NEXT, NOW);
    held.refuse(OLD.accessKeyId, NOW);
    held.holdPrevious(OLD);
    held.refuse(NEXT.accessKeyId, NOW);
    expect(servedAfter(0)).toBe(OLD.accessKeyId);
  });

  it('the current key is served if the previous version holds the same key', () => {
    held.hold(NEXT, NOW);
    held.holdPrevious(NEXT);
    held.refuse(NEXT.accessKeyId, NOW);
    expect(servedAfter(0)).toBe(NEXT.accessKeyId);
  });
});
