import { runRetirement } from '../../../sandbox/demo/retire';
import type { LocalAws } from '../../../sandbox/local-aws';
import { Account } from '../../e2e/stack/support/account';
import { Inbox } from '../../further/notifications/support/inbox';

/**
 * Makes a key by hand, which is a fault, has the retirement function find it, and takes the key away again.
 *
 * @returns the subjects of what the topic's subscribers were told
 */
export async function toldOfKeyMadeByHand(
  aws: LocalAws,
  { topicArn, userName }: { readonly topicArn: string; readonly userName: string },
): Promise<readonly string[]> {
  const inbox = await Inbox.subscribe(aws, topicArn, 'oncall');
  const account = new Account(aws);
  const key = await account.createKey(userName);
  // Younger, it could be one whose making is still being written down.
  aws.clockShiftMs += 60 * 60 * 1000;
  await runRetirement(aws, 'iam-key-rotation-retire');
  await aws.eventsDelivered();
  await account.deleteKey(userName, key);
  return (await inbox.take()).map(({ subject }) => subject);
}
