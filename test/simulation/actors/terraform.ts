import type { Actor } from '../engine/running';
import { STABLE_KEY } from '../engine/world';
import type { Subject } from '../subject';

/** `terraform apply` as far as it concerns a user's first key. A failed one is what the next apply is for. */
export function firstKey(subject: Subject): Actor {
  return {
    name: 'terraform',
    async play(stage) {
      stage.world.apply();
      const { userId } = stage.world.settings;
      await stage
        .invoke('firstKey', (ports) =>
          subject.handle(ports, STABLE_KEY, {
            Step: 'firstKey',
            SecretId: stage.world.secretArn,
            UserId: stage.world.settings.userId,
          }),
        )
        .then(
          () => (stage.world.appliedUserId = userId),
          () => undefined,
        );
    },
  };
}
