import { queryAnswer, renderXml, xmlText } from '../front/answers';
import { ApiError, type ApiAnswer, type OperationTable } from '../front/api-call';
import type { Moto } from '../moto/moto';
import { getUser } from './users';

/** The permissions boundaries of users, which moto 5.2.1 does not have. The policy has to exist. */
export function userBoundaryOperations(moto: Moto): OperationTable {
  const byUserId = new Map<string, string>();

  async function put(userName: string, policyArn: string): Promise<void> {
    const { userId } = await getUser(moto, userName);
    byUserId.set(userId, policyArn);
  }

  async function mustExist(policyArn: string): Promise<void> {
    const policy = { Action: 'GetPolicy', Version: '2010-05-08', PolicyArn: policyArn };
    const isOfAws = policyArn.includes(':iam::aws:');
    if (isOfAws || (await moto.query('iam', policy)).status === 200) return;
    throw new ApiError('NoSuchEntity', `Scope ARN: ${policyArn} does not exist or is not attachable.`, 404);
  }

  return {
    'iam:CreateUser': async (call) => {
      const { UserName, PermissionsBoundary } = call.parameters;
      if (typeof PermissionsBoundary !== 'string') return moto.forward(call);
      await mustExist(PermissionsBoundary);
      const answer = await moto.forward(call);
      if (answer.status === 200) await put(String(UserName), PermissionsBoundary);
      return answer;
    },
    'iam:GetUser': async (call) => withBoundary(await moto.forward(call), byUserId),
    'iam:PutUserPermissionsBoundary': async (call) => {
      const { UserName, PermissionsBoundary } = call.parameters;
      await mustExist(String(PermissionsBoundary));
      await put(String(UserName), String(PermissionsBoundary));
      return queryAnswer(call);
    },
    'iam:DeleteUserPermissionsBoundary': async (call) => {
      const { userId } = await getUser(moto, String(call.parameters['UserName']));
      byUserId.delete(userId);
      return queryAnswer(call);
    },
  };
}

function withBoundary(answer: ApiAnswer, byUserId: ReadonlyMap<string, string>): ApiAnswer {
  const xml = answer.body.toString('utf8');
  const arn = byUserId.get(xmlText(xml, 'UserId') ?? '');
  if (answer.status !== 200 || arn === undefined) return answer;
  const boundary = renderXml([
    'PermissionsBoundary',
    [
      ['PermissionsBoundaryType', 'Policy'],
      ['PermissionsBoundaryArn', arn],
    ],
  ]);
  return { ...answer, body: Buffer.from(xml.replace('</User>', `${boundary}</User>`)) };
}
