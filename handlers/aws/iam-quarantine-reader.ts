import { ListAttachedUserPoliciesCommand, type IAMClient } from '@aws-sdk/client-iam';

import { QUARANTINE_POLICY } from '../../contract/leaks';
import type { CallName } from '../core/model/call-errors';
import type { QuarantineReader } from '../core/retirement/retirement-ports';
import { allPages } from './all-pages';
import { callAws } from './call-aws';

/** A user has 20 managed policies at the most, unless the quota was raised. */
const MOST_PAGES = 10;

/** Which of AWS's quarantine policies a user has. */
export class IamQuarantineReader implements QuarantineReader {
  constructor(private readonly client: IAMClient) {}

  async policiesOf(userName: string): Promise<readonly string[]> {
    const call: CallName = { service: 'IAM', action: 'ListAttachedUserPolicies' };
    const names = await allPages(call, MOST_PAGES, async (marker: string | undefined) => {
      const page = await callAws(call, 'reads', (options) =>
        this.client.send(
          new ListAttachedUserPoliciesCommand({ UserName: userName, Marker: marker }),
          options,
        ),
      );
      return {
        items: page.AttachedPolicies?.map(({ PolicyName = '' }) => PolicyName),
        isLast: page.IsTruncated === undefined ? undefined : !page.IsTruncated,
        next: page.Marker,
      };
    });
    return names.filter((name) => name.startsWith(QUARANTINE_POLICY));
  }
}
