import { xmlText } from '../front/answers';
import type { Moto } from '../moto/moto';

/** The unique id of a role. Undefined: there is none. */
export async function roleId(moto: Moto, roleArn: string): Promise<string | undefined> {
  const RoleName = roleArn.split('/').at(-1) ?? '';
  const answer = await moto.query('iam', { Action: 'GetRole', Version: '2010-05-08', RoleName });
  return xmlText(answer.body.toString('utf8'), 'RoleId');
}
