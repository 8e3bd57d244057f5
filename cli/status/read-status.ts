import { overviewOf } from '../../handlers/core/operator/overview';
import type { TableEntry } from '../../handlers/core/retirement/retirement-ports';
import { concurrently } from '../concurrently';
import { withProgress } from '../progress';
import type { Stack } from '../stack';
import { byAttention, describeUser } from './describe-users';
import type { StatusDocument } from './status-document';

/** As many visits as the retirement function makes at a time: IAM's rate is what limits them. */
const AT_A_TIME = 16;

/** @param askAws false: without a call for each user */
export async function readStatus(
  stack: Stack,
  entries: readonly TableEntry[],
  { askAws }: { readonly askAws: boolean },
): Promise<StatusDocument> {
  const { ports, prefix, region, clock } = stack;
  const now = clock.now();
  const users = await withProgress('Users looked at', (progress) => {
    let done = 0;
    return concurrently(entries, AT_A_TIME, async (entry) => {
      // Only the description is kept: of thousands of users, what was read would fill the memory.
      const user = describeUser(await overviewOf(ports, entry, { stack: prefix, askAws }), { prefix, now });
      progress.at((done += 1), entries.length);
      return user;
    });
  });
  return {
    version: 1,
    stack: prefix,
    region,
    at: new Date(now).toISOString(),
    source: askAws ? 'aws' : 'table',
    users: users.toSorted(byAttention),
  };
}
