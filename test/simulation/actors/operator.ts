import type { Actor } from '../engine/running';
import type { Subject } from '../subject';

/** Somebody leaves the key that is served now, and returns to the previous one. */
export function rollBack(subject: Subject): Actor {
  return {
    name: 'roll back',
    async play(stage) {
      const { settings, checker } = stage.world;
      const leaveKeyId = checker.servedKey;
      if (leaveKeyId === undefined) return;
      await stage.invoke('', (ports) => subject.rollBack(ports, settings, leaveKeyId)).catch(() => undefined);
    },
  };
}

/** A person replaces a leaked key, and may have named the other key to make room. */
export function emergency(subject: Subject, key: number, giveWay: boolean): Actor {
  return {
    name: 'emergency',
    async play(stage) {
      const { aws, settings, checker } = stage.world;
      const keys = aws.iam.keysOf(settings.userName).map(({ id }) => id);
      const leakedKeyId = keys[key % Math.max(1, keys.length)];
      if (leakedKeyId === undefined) return;
      const giveWayKeyId = giveWay ? keys.find((id) => id !== leakedKeyId) : undefined;
      checker.personGivesUp(leakedKeyId, giveWayKeyId);
      await stage
        .invoke('', (ports) => subject.replaceLeakedKey(ports, settings, { leakedKeyId, giveWayKeyId }))
        .catch(() => undefined);
    },
  };
}
