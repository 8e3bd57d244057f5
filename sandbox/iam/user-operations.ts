import { queryAnswer } from '../front/answers';
import { ApiError, type OperationTable } from '../front/api-call';
import type { Moto } from '../moto/moto';
import type { AccessKeys } from './access-keys';
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
    'iam:UpdateUser': async (call) => {
      const { userId } = await getUser(moto, String(call.parameters['UserName']));
      const answer = await moto.forward(call);
      const renamed = call.parameters['NewUserName'] ?? call.parameters['UserName'];
      if (answer.status === 200) keys.renameUser(userId, await getUser(moto, String(renamed)));
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
