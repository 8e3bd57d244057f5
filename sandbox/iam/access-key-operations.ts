import { queryAnswer, type Xml } from '../front/answers';
import { ApiError, type AuthenticatedCall, type OperationTable } from '../front/api-call';
import type { Moto } from '../moto/moto';
import type { AccessKey, AccessKeys, IamUser } from './access-keys';
import { getUser } from './users';

const KEYS_PER_USER = 2;

/** The five operations on access keys, with IAM's own limits and messages. */
export function accessKeyOperations(moto: Moto, keys: AccessKeys): OperationTable {
  const userOf = (call: AuthenticatedCall): Promise<IamUser> => {
    const named = call.parameters['UserName'];
    if (typeof named === 'string') return getUser(moto, named);
    // IAM falls back on the caller, which surprises people; the sandbox does it too.
    const [, own] = /^[^/]*:user\/(?:.*\/)?([^/]+)$/.exec(call.principal.arn) ?? [];
    if (own === undefined)
      throw new ApiError('ValidationError', 'Must specify userName when calling with non-User credentials');
    return getUser(moto, own);
  };
  const keyOf = async (call: AuthenticatedCall): Promise<AccessKey> => {
    const user = await userOf(call);
    const id = String(call.parameters['AccessKeyId']);
    const key = keys.find(id);
    if (key?.user.userId === user.userId) return key;
    throw noSuchKey(id);
  };

  return {
    'iam:CreateAccessKey': async (call) => {
      const user = await userOf(call);
      if (keys.ofUser(user.userId).length >= KEYS_PER_USER) {
        throw new ApiError(
          'LimitExceeded',
          `Cannot exceed quota for AccessKeysPerUser: ${KEYS_PER_USER}`,
          409,
        );
      }
      const key = keys.create(user);
      return queryAnswer(call, [['AccessKey', [...describe(key), ['SecretAccessKey', key.secretAccessKey]]]]);
    },
    'iam:ListAccessKeys': async (call) => {
      const user = await userOf(call);
      const members = keys.ofUser(user.userId).map((key): Xml => ['member', describe(key)]);
      return queryAnswer(call, [
        ['AccessKeyMetadata', members],
        ['UserName', user.userName],
        ['IsTruncated', false],
      ]);
    },
    'iam:UpdateAccessKey': async (call) => {
      const key = await keyOf(call);
      const status = call.parameters['Status'];
      if (status !== 'Active' && status !== 'Inactive') {
        throw new ApiError('ValidationError', `Status must be Active or Inactive, not ${String(status)}`);
      }
      keys.setStatus(key, status);
      return queryAnswer(call);
    },
    'iam:DeleteAccessKey': async (call) => {
      keys.delete(await keyOf(call));
      return queryAnswer(call);
    },
    'iam:GetAccessKeyLastUsed': (call) => {
      const id = String(call.parameters['AccessKeyId']);
      const key = keys.find(id);
      if (!key) throw noSuchKey(id);
      const use = keys.lastKnownUse(key);
      return Promise.resolve(
        queryAnswer(call, [
          ['UserName', key.user.userName],
          [
            'AccessKeyLastUsed',
            [
              use && ['LastUsedDate', seconds(use.at)],
              ['ServiceName', use?.service ?? 'N/A'],
              ['Region', use?.region ?? 'N/A'],
            ],
          ],
        ]),
      );
    },
  };
}

const describe = (key: AccessKey): Xml[] => [
  ['UserName', key.user.userName],
  ['AccessKeyId', key.id],
  ['Status', key.status],
  ['CreateDate', seconds(key.createdAt)],
];

/** IAM's dates have no fractions of a second. */
const seconds = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');

const noSuchKey = (id: string): ApiError =>
  new ApiError('NoSuchEntity', `The Access Key with id ${id} cannot be found.`, 404);
