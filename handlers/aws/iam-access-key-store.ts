import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
  type AccessKeyMetadata,
  type IAMClient,
} from '@aws-sdk/client-iam';

import type { AccessKey, AccessKeyStatus, CreatedAccessKey, LastUse } from '../core/model/access-key';
import { CallRefusedError, type CallName } from '../core/model/call-errors';
import type { AccessKeyStore } from '../core/model/ports';
import { SecretMaterial } from '../../contract/secret-material';
import { LONGEST_CALL } from '../core/model/timing';
import { allPages } from './all-pages';
import { callAws, incomplete, readAnswer } from './call-aws';
import { changeOnce, type ChangeOptions } from './change-once';

/** A user has two keys (F 2.1), which fit into one page. */
const MOST_PAGES = 10;

const iam = (action: string): CallName => ({ service: 'IAM', action });

const NOT_APPLICABLE = 'N/A';

/** Access keys in IAM. `UserName` is always given: IAM would otherwise take the caller (F 2.3). */
export class IamAccessKeyStore implements AccessKeyStore {
  /** @param onceOnly a client with maxAttempts 1, for what changes a key. */
  constructor(
    private readonly client: IAMClient,
    private readonly onceOnly: IAMClient,
    private readonly options: ChangeOptions = { whenThrottled: 'tryAgain' },
  ) {}

  list(userName: string): Promise<readonly AccessKey[]> {
    const call = iam('ListAccessKeys');
    const limit = AbortSignal.timeout(LONGEST_CALL);
    return allPages(call, MOST_PAGES, async (marker: string | undefined) => {
      const page = await callAws(
        call,
        'reads',
        (options) =>
          this.client.send(new ListAccessKeysCommand({ UserName: userName, Marker: marker }), options),
        { limit },
      );
      return {
        items: readAnswer(call, () => page.AccessKeyMetadata?.map((key) => toAccessKey(call, userName, key))),
        isLast: page.IsTruncated === undefined ? undefined : !page.IsTruncated,
        next: page.Marker,
      };
    });
  }

  async create(userName: string): Promise<CreatedAccessKey> {
    const call = iam('CreateAccessKey');
    const { AccessKey: key } = await callAws(call, 'changes', (options) =>
      this.onceOnly.send(new CreateAccessKeyCommand({ UserName: userName }), options),
    );
    if (!key?.SecretAccessKey) throw incomplete(call, 'the answer holds no whole key');
    return { ...toAccessKey(call, userName, key), secretAccessKey: new SecretMaterial(key.SecretAccessKey) };
  }

  activate(userName: string, keyId: string): Promise<void> {
    return this.setStatus(userName, keyId, 'Active');
  }

  deactivate(userName: string, keyId: string): Promise<void> {
    return this.setStatus(userName, keyId, 'Inactive');
  }

  async delete(userName: string, keyId: string): Promise<void> {
    try {
      await changeOnce(
        iam('DeleteAccessKey'),
        (options) =>
          this.onceOnly.send(new DeleteAccessKeyCommand({ UserName: userName, AccessKeyId: keyId }), options),
        this.options,
      );
    } catch (error) {
      const isGone = error instanceof CallRefusedError && error.kind === 'notFound';
      if (!isGone) throw error;
    }
  }

  async lastUsed(keyId: string): Promise<LastUse | undefined> {
    const call = iam('GetAccessKeyLastUsed');
    const { AccessKeyLastUsed: use } = await callAws(call, 'reads', (options) =>
      this.client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: keyId }), options),
    );
    const at = use?.LastUsedDate?.getTime();
    // For a key that was never used IAM says so, with "N/A" for its service and region (F 2.10).
    const isNeverUsed =
      use?.ServiceName === NOT_APPLICABLE && (use.Region ?? NOT_APPLICABLE) === NOT_APPLICABLE;
    if (use === undefined || (at === undefined && !isNeverUsed) || Number.isNaN(at))
      throw incomplete(call, 'the answer does not say whether the key was used, and when');
    if (at === undefined) return undefined;
    return { at, service: use.ServiceName ?? NOT_APPLICABLE, region: use.Region ?? NOT_APPLICABLE };
  }

  private async setStatus(userName: string, keyId: string, status: 'Active' | 'Inactive'): Promise<void> {
    await changeOnce(
      iam('UpdateAccessKey'),
      (options) =>
        this.onceOnly.send(
          new UpdateAccessKeyCommand({ UserName: userName, AccessKeyId: keyId, Status: status }),
          options,
        ),
      this.options,
    );
  }
}

function toAccessKey(
  call: CallName,
  userName: string,
  { AccessKeyId, UserName, Status, CreateDate }: AccessKeyMetadata,
): AccessKey {
  const createdAt = CreateDate?.getTime();
  if (!AccessKeyId || createdAt === undefined || Number.isNaN(createdAt))
    throw incomplete(call, 'the answer holds an access key without an id or a creation date');
  // IAM's names are the same in upper and lower case.
  if (UserName !== undefined && UserName.toLowerCase() !== userName.toLowerCase())
    throw incomplete(call, 'the answer is about another user');
  return { id: AccessKeyId, status: toStatus(Status), createdAt };
}

/** A status that is new to us is not Active (F 2.4). */
const toStatus = (status: string | undefined): AccessKeyStatus =>
  status === 'Active' || status === 'Inactive' ? status : 'Unknown';
