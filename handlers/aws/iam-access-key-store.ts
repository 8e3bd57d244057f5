import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  paginateListAccessKeys,
  UpdateAccessKeyCommand,
  type AccessKeyMetadata,
  type IAMClient,
} from '@aws-sdk/client-iam';

import type { AccessKey, AccessKeyStatus, CreatedAccessKey, LastUse } from '../core/access-key';
import { CallRefusedError, CallUnansweredError, type CallName } from '../core/errors';
import type { AccessKeyStore } from '../core/ports';
import { SecretMaterial } from '../core/secret-material';
import { callAws } from './call-aws';

const iam = (action: string): CallName => ({ service: 'IAM', action });

/** Access keys in IAM. `UserName` is always given: IAM would otherwise take the caller (F 2.3). */
export class IamAccessKeyStore implements AccessKeyStore {
  /** @param onceOnly a client with maxAttempts 1, for the one call that must not be repeated. */
  constructor(
    private readonly client: IAMClient,
    private readonly onceOnly: IAMClient,
  ) {}

  list(userName: string): Promise<readonly AccessKey[]> {
    return callAws(iam('ListAccessKeys'), 'reads', async (options) => {
      const keys: AccessKey[] = [];
      for await (const page of paginateListAccessKeys(
        { client: this.client },
        { UserName: userName },
        options,
      )) {
        keys.push(...(page.AccessKeyMetadata ?? []).map(toAccessKey));
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
      await callAws(iam('DeleteAccessKey'), 'changes', (options) =>
        this.client.send(new DeleteAccessKeyCommand({ UserName: userName, AccessKeyId: keyId }), options),
      );
    } catch (error) {
      if (!saysNoSuchEntity(error)) throw error;
    }
  }

  async lastUsed(keyId: string): Promise<LastUse | undefined> {
    const { AccessKeyLastUsed: use } = await callAws(iam('GetAccessKeyLastUsed'), 'reads', (options) =>
      this.client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: keyId }), options),
    );
    if (use?.LastUsedDate === undefined) return undefined;
    return { at: use.LastUsedDate.getTime(), service: use.ServiceName ?? 'N/A', region: use.Region ?? 'N/A' };
  }

  private async setStatus(userName: string, keyId: string, status: 'Active' | 'Inactive'): Promise<void> {
    await callAws(iam('UpdateAccessKey'), 'changes', (options) =>
      this.client.send(
        new UpdateAccessKeyCommand({ UserName: userName, AccessKeyId: keyId, Status: status }),
        options,
      ),
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

/** Gone already; also where the SDK's first try deleted it and its second found nothing. */
function saysNoSuchEntity(error: unknown): boolean {
  if (error instanceof CallRefusedError) return error.kind === 'notFound';
  return error instanceof CallUnansweredError && /^NoSuchEntity(Exception)?$/.test(error.code);
}
