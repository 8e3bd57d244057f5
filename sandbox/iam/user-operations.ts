import { queryAnswer } from '../front/answers';
import { ApiError, type OperationTable } from '../front/api-call';
import type { Moto } from '../moto/moto';
import type { AccessKeys } from './access-keys';
import { giveTags, takeTags } from './user-tags';
import { getUser } from './users';

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
    // moto keeps a user's tags by its ARN, so that a user of another name or path has none; in IAM they stay with the user.
    'iam:UpdateUser': async (call) => {
      const former = String(call.parameters['UserName']);
      const { userId } = await getUser(moto, former);
      const tags = await takeTags(moto, former);
      const answer = await moto.forward(call);
      const isDone = answer.status === 200;
      const { NewUserName = former } = call.parameters as { NewUserName?: string };
      const name = isDone ? NewUserName : former;
      await giveTags(moto, name, tags);
      if (isDone) keys.renameUser(userId, await getUser(moto, name));
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
