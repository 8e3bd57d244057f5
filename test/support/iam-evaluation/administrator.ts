import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';

import type { LocalAws } from '../../../sandbox/local-aws';

/** Who looks things up for an evaluation, as IAM itself would know them. */
export interface Administrator {
  readonly accountId: string;
  readonly region: string;
  readonly iam: IAMClient;
  readonly secrets: SecretsManagerClient;
  readonly lambda: LambdaClient;
  readonly sns: SNSClient;
}

export function administratorOf(aws: LocalAws): Administrator {
  const config = aws.clientConfig();
  return {
    accountId: aws.accountId,
    region: aws.region,
    iam: new IAMClient(config),
    secrets: new SecretsManagerClient(config),
    lambda: new LambdaClient(config),
    sns: new SNSClient(config),
  };
}
