import { CreateGroupCommand, CreatePolicyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';

import type { StackConfiguration } from '../../modules/config/configuration';
import type { LocalAws } from '../../sandbox/local-aws';

/** Makes what `aStackWithEverything` takes for made by others: policies, a user, a group, a topic. */
export async function prepareAccount(aws: LocalAws): Promise<void> {
  const iam = new IAMClient(aws.clientConfig());
  const everything = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  });
  for (const [Path, PolicyName] of [
    ['/team/', 'deploy'],
    ['/', 'users'],
    ['/', 'functions'],
  ] as const) {
    await iam.send(new CreatePolicyCommand({ Path, PolicyName, PolicyDocument: everything }));
  }
  await iam.send(new CreateUserCommand({ UserName: 'legacy.mailer@example' }));
  await iam.send(new CreateGroupCommand({ GroupName: 'deployers' }));
  await new SNSClient(aws.clientConfig()).send(new CreateTopicCommand({ Name: 'oncall' }));
}

/** The ARN of a new customer key. */
export async function createKey(aws: LocalAws): Promise<string> {
  const { KeyMetadata } = await new KMSClient(aws.clientConfig()).send(new CreateKeyCommand({}));
  return KeyMetadata!.Arn!;
}

/** The stack, with keys that exist in place of those that it names. */
export async function withKeysOf(aws: LocalAws, stack: StackConfiguration): Promise<StackConfiguration> {
  const named = [...new Set(JSON.stringify(stack).match(/arn:aws:kms:[^"]+/g))];
  const made = await Promise.all(named.map(() => createKey(aws)));
  return JSON.parse(
    named.reduce((text, arn, index) => text.replaceAll(arn, made[index]!), JSON.stringify(stack)),
  ) as StackConfiguration;
}
