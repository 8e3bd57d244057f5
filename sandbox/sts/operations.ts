import { queryAnswer, xmlText } from '../front/answers';
import { ApiError, type AuthenticatedCall, type OperationTable } from '../front/api-call';
import type { Moto } from '../moto/moto';
import { rolePrincipal, type Sessions } from './sessions';

export function stsOperations(accountId: string, moto: Moto, sessions: Sessions): OperationTable {
  return {
    'sts:GetCallerIdentity': (call) =>
      Promise.resolve(
        queryAnswer(call, [
          ['Arn', call.principal.callerArn],
          ['UserId', call.principal.userId],
          ['Account', accountId],
        ]),
      ),
    // moto makes the session; the front has to know its credentials to let them in.
    'sts:AssumeRole': async (call) => {
      await refuseRoleThatIsNotHere(call, moto);
      const answer = await moto.forward(call);
      const xml = answer.body.toString('utf8');
      const [accessKeyId, secretAccessKey, sessionToken, userId] = [
        xmlText(xml, 'AccessKeyId'),
        xmlText(xml, 'SecretAccessKey'),
        xmlText(xml, 'SessionToken'),
        xmlText(xml, 'AssumedRoleId'),
      ];
      if (accessKeyId !== undefined && secretAccessKey !== undefined && sessionToken !== undefined) {
        const role = { arn: String(call.parameters['RoleArn']), id: userId?.split(':')[0] ?? '' };
        const principal = rolePrincipal(role, String(call.parameters['RoleSessionName']));
        sessions.add({ accessKeyId, secretAccessKey, sessionToken }, principal);
      }
      return answer;
    },
  };
}

/** moto lends any role, also of other accounts. AWS does not say whether there is such a role. */
async function refuseRoleThatIsNotHere(
  { parameters, principal }: AuthenticatedCall,
  moto: Moto,
): Promise<void> {
  const wanted = String(parameters['RoleArn']);
  const { body } = await moto.query('iam', {
    Action: 'GetRole',
    Version: '2010-05-08',
    RoleName: wanted.split('/').at(-1) ?? '',
  });
  if (xmlText(body.toString('utf8'), 'Arn') === wanted) return;
  throw new ApiError(
    'AccessDenied',
    `User: ${principal.callerArn} is not authorized to perform: sts:AssumeRole on resource: ${wanted}`,
    403,
  );
}
