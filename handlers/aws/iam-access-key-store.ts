import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  paginateListAccessKeys,
  UpdateAccessKeyCommand,
  type AccessKeyMetadata,
  type IAMClient,
} from '@aws-sdk/client-iam';

import type { AccessKey, AccessKeyStatus, CreatedAccessKey, LastUse } from '../core/model/access-key';
import { CallRefusedError, CallUnansweredError, type CallName } from '../core/model/call-errors';
import type { AccessKeyStore } from '../core/model/ports';
import { SecretMaterial } from '../../contract/secret-material';
import { callAws } from './call-aws';
import { changeOnce, type ChangeOptions } from './change-once';

const iam = (action: string): CallName => ({ service: 'IAM', action });

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
    return callAws(call, 'reads', async (options) => {
      const keys: AccessKey[] = [];
      for await (const page of paginateListAccessKeys(
        { client: this.client },
        { UserName: userName },
        options,
      )) {
        // An empty list says that it is one: "no keys" is concluded from nothing less.
        if (page.AccessKeyMetadata === undefined || page.IsTruncated === undefined) {
          throw new CallUnansweredError(call, 'IncompleteAnswer', 'the answer holds no list of keys');
        }
        keys.push(...page.AccessKeyMetadata.map(toAccessKey));
      }
      return keys;
    });
  }

  async create(userName: string): Promise<CreatedAccessKey> {
    const call = iam('CreateAccessKey');
    const { AccessKey: key } = await callAws(call, 'changes', (options) =>
      this.onceOnly.send(new CreateAccessKeyCommand({ UserName: userName }), options),
    );
    if (key?.SecretAccessKey === undefined || key.AccessKeyId === undefined || key.CreateDate === undefined) {
      throw new CallUnansweredError(call, 'IncompleteAnswer', 'the answer holds no whole key');
    }
    return { ...toAccessKey(key), secretAccessKey: new SecretMaterial(key.SecretAccessKey) };
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
    // For a key that was never used IAM says so, with "N/A" for its service.
    if (use === undefined) {
      throw new CallUnansweredError(call, 'IncompleteAnswer', 'the answer does not say whether it was used');
    }
    if (use.LastUsedDate === undefined) return undefined;
    return { at: use.LastUsedDate.getTime(), service: use.ServiceName ?? 'N/A', region: use.Region ?? 'N/A' };
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

function toAccessKey({ AccessKeyId, Status, CreateDate }: AccessKeyMetadata): AccessKey {
  if (AccessKeyId === undefined || CreateDate === undefined) {
    throw new Error('IAM answered with an access key without id or creation date.');
  }
  return { id: AccessKeyId, status: toStatus(Status), createdAt: CreateDate.getTime() };
}

/** A status that is new to us is not Active (F 2.4). */
const toStatus = (status: string | undefined): AccessKeyStatus =>
  status === 'Active' || status === 'Inactive' ? status : 'Unknown';
