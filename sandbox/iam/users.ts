import { xmlText } from '../front/answers';
import { ApiError } from '../front/api-call';
import type { Moto } from '../moto/moto';
import type { IamUser } from './access-keys';

/** moto keeps the users. */
export async function getUser(moto: Moto, userName: string): Promise<IamUser> {
  const answer = await moto.query('iam', { Action: 'GetUser', Version: '2010-05-08', UserName: userName });
  const xml = answer.body.toString('utf8');
  const [userId, arn] = [xmlText(xml, 'UserId'), xmlText(xml, 'Arn')];
  if (answer.status !== 200 || userId === undefined || arn === undefined) {
    throw new ApiError('NoSuchEntity', `The user with name ${userName} cannot be found.`, 404);
  }
  return { userId, arn, userName };
}
