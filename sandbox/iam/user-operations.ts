import { queryAnswer, xmlText } from '../front/answers';
import { ApiError, type OperationTable } from '../front/api-call';
import type { Moto } from '../moto/moto';
import type { AccessKeys } from './access-keys';
import { getUser } from './users';

type Tag = readonly [key: string, value: string];

async function tagsOf(moto: Moto, UserName: string): Promise<readonly Tag[]> {
  const answer = await moto.query('iam', { Action: 'ListUserTags', Version: '2010-05-08', UserName });
  return [...answer.body.toString('utf8').matchAll(/<member>(.*?)<\/member>/gs)].map(([, member]) => [
    xmlText(member!, 'Key') ?? '',
    xmlText(member!, 'Value') ?? '',
  ]);
}

async function tag(moto: Moto, UserName: string, tags: readonly Tag[]): Promise<void> {
  const members = tags.flatMap(([key, value], index) => [
    [`Tags.member.${String(index + 1)}.Key`, key] as const,
    [`Tags.member.${String(index + 1)}.Value`, value] as const,
  ]);
  await moto.query('iam', {
    ...{ Action: 'TagUser', Version: '2010-05-08', UserName },
    ...Object.fromEntries(members),
  });
}

/** What moto 5.2.1 lacks around users. */
export function userOperations(moto: Moto, keys: AccessKeys): OperationTable {
  return {
    // moto deletes a user whose keys remain; IAM refuses.
    'iam:DeleteUser': async (call) => {
      const user = await getUser(moto, String(call.parameters['UserName']));
      if (keys.ofUser(user.userId).length > 0) {
        throw new ApiError('DeleteConflict', 'Cannot delete entity, must delete access keys first.', 409);
      }
      return moto.forward(call);
    },
    'iam:UpdateUser': async (call) => {
      const before = String(call.parameters['UserName']);
      const { userId } = await getUser(moto, before);
      const tags = await tagsOf(moto, before);
      const answer = await moto.forward(call);
      if (answer.status !== 200) return answer;
      const now = String(call.parameters['NewUserName'] ?? before);
      keys.renameUser(userId, await getUser(moto, now));
      // moto keeps tags by ARN, so that a user with another name or path has lost them; IAM's user keeps them.
      if (tags.length > 0) await tag(moto, now, tags);
      return answer;
    },
    // Not in moto; without it, destroying a `force_destroy` user hangs.
    'iam:ListServiceSpecificCredentials': async (call) => {
      const named = call.parameters['UserName'];
      if (typeof named === 'string') await getUser(moto, named);
      return queryAnswer(call, [['ServiceSpecificCredentials', []]]);
    },
  };
}
