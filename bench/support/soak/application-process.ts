import { setTimeout as sleep } from 'node:timers/promises';

import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import { fromRotatedSecret, refreshOnRejectedKey } from '../../../client';
import { silenceNodeVersionWarning } from '../../../handlers/aws/sdk-node-version';
import { answerParent } from './answer-parent';

const EVERY_MS = 200;
/** As often as a run needs it: the next rotation waits for it. */
const REFRESH_SECONDS = 3;

/** An application that holds its credentials for as long as it lives: five calls a second, signed with the key of a secret. */
function main(secretId: string): void {
  silenceNodeVersionWarning();
  const credentials = fromRotatedSecret({
    ...{ secretId, refreshSeconds: REFRESH_SECONDS },
    logger: { info: () => undefined, warn: () => undefined },
  });
  const client = refreshOnRejectedKey(new STSClient({ credentials }), credentials);
  let [calls, failed, isStopped] = [0, 0, false];
  let lastFailure: string | undefined;
  const work = async (): Promise<void> => {
    while (!isStopped) {
      const next = sleep(EVERY_MS);
      calls += 1;
      try {
        await client.send(new GetCallerIdentityCommand({}));
      } catch (error) {
        failed += 1;
        lastFailure = String(error);
      }
      await next;
    }
  };
  const working = work();
  answerParent({
    keyId: async () => (await credentials()).accessKeyId,
    work: () => ({ calls, failed, lastFailure }),
    stop: () => {
      isStopped = true;
      return working;
    },
  });
}

main(process.argv[2]!);
