import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import { fromRotatedSecret, refreshOnRejectedKey } from '../../../client';

/** A program that makes one call, with a key that is replaced before it can be refreshed, and has nothing left to do. */
async function main(): Promise<void> {
  const credentials = fromRotatedSecret({ secretId: 'iam-key-rotation/app' });
  const sts = refreshOnRejectedKey(new STSClient({ credentials }), credentials);
  const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
  process.stdout.write(String(Arn));
}

void main();
