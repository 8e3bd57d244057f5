import { MINUTE } from '../../../contract/instant';
import type { Actor, Stage } from '../engine/running';
import { STABLE_KEY } from '../engine/world';
import type { Subject } from '../subject';

/** Which key AWS names; `user`: it names the user alone. */
export const LEAKS_OF = ['current', 'other', 'pending', 'user', 'foreign'] as const;

export type LeakOf = (typeof LEAKS_OF)[number];

/** Lambda tries twice again. */
const TRIES = 3;

const OF_ANOTHER_ACCOUNT = 'AKIAOTHERSEXAMPLE';

/** AWS reports a leak. Its event comes at least once. */
export function leak(subject: Subject, of: LeakOf): Actor {
  return {
    name: 'responder',
    async play(stage) {
      const keyId = keyOf(stage, of);
      if (keyId === undefined && of !== 'user') return;
      const report = stage.world.checker.leakIsReported(keyId);
      await answer(stage, subject, report);
    },
  };
}

/** What was reported and not answered yet: somebody invokes the function by hand. */
export function unansweredLeaks(subject: Subject): Actor {
  return {
    name: 'responder by hand',
    async play(stage) {
      for (const report of stage.world.checker.unansweredLeaks) await answer(stage, subject, report);
    },
  };
}

async function answer(
  stage: Stage,
  subject: Subject,
  report: { readonly keyId: string | undefined; readonly at: number },
): Promise<void> {
  const { secretArn, checker } = stage.world;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt > 0) await stage.sleep(MINUTE);
    try {
      const answered = await stage.invoke('replaceLeakedKey', (ports) =>
        subject.handle(ports, STABLE_KEY, {
          Step: 'replaceLeakedKey',
          SecretId: secretArn,
          LeakedKeyId: report.keyId,
          ReportedAt: new Date(report.at).toISOString(),
        }),
      );
      checker.leakIsAnswered(report, answered);
      return;
    } catch {
      // The event comes again.
    }
  }
}

function keyOf({ world }: Stage, of: LeakOf): string | undefined {
  const { aws, checker, settings } = world;
  switch (of) {
    case 'current':
      return checker.servedKey;
    case 'pending':
      return checker.journal?.attempt?.keyId;
    case 'other':
      return aws.iam.keysOf(settings.userName).find(({ id }) => id !== checker.servedKey)?.id;
    case 'foreign':
      return OF_ANOTHER_ACCOUNT;
    case 'user':
      return undefined;
  }
}
