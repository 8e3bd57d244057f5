import { xmlText } from '../front/answers';
import type { Moto } from '../moto/moto';

const KINDS = {
  role: { action: 'GetRole', parameter: 'RoleName', id: 'RoleId' },
  user: { action: 'GetUser', parameter: 'UserName', id: 'UserId' },
} as const;

/**
 * The unique id of a role or user: AROA… or AIDA…. One that is made anew under its old name has another.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 *
 * @returns undefined where there is no role or user of exactly this ARN, path included
 */
export async function uniqueIdOf(moto: Moto, arn: string): Promise<string | undefined> {
  const kind = /^arn:[^:]+:iam::\d{12}:(role|user)\//.exec(arn)?.[1] as keyof typeof KINDS | undefined;
  if (kind === undefined) return undefined;
  const { action, parameter, id } = KINDS[kind];
  const named = { [parameter]: arn.split('/').at(-1) ?? '' };
  const { body } = await moto.query('iam', { Action: action, Version: '2010-05-08', ...named });
  const xml = body.toString('utf8');
  return xmlText(xml, 'Arn') === arn ? xmlText(xml, id) : undefined;
}
