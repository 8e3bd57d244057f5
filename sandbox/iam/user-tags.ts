import { xmlText } from '../front/answers';
import type { Moto } from '../moto/moto';

interface Tag {
  readonly key: string;
  readonly value: string;
}

const VERSION = { Version: '2010-05-08' };

/** Takes the tags off a user that is there. @returns what they were */
export async function takeTags(moto: Moto, userName: string): Promise<readonly Tag[]> {
  const answer = await moto.query('iam', { Action: 'ListUserTags', ...VERSION, UserName: userName });
  const tags = [
    ...answer.body.toString('utf8').matchAll(/<Key>[^<]*<\/Key>\s*<Value(?:\/>|>[^<]*<\/Value>)/g),
  ].map(([xml]): Tag => ({ key: xmlText(xml, 'Key') ?? '', value: xmlText(xml, 'Value') ?? '' }));
  if (tags.length > 0) {
    const keys = tags.map(({ key }, index) => [`TagKeys.member.${index + 1}`, key] as const);
    await moto.query('iam', {
      ...{ Action: 'UntagUser', ...VERSION, UserName: userName },
      ...Object.fromEntries(keys),
    });
  }
  return tags;
}

export async function giveTags(moto: Moto, userName: string, tags: readonly Tag[]): Promise<void> {
  if (tags.length === 0) return;
  const parameters = tags.flatMap(({ key, value }, index) => [
    [`Tags.member.${index + 1}.Key`, key] as const,
    [`Tags.member.${index + 1}.Value`, value] as const,
  ]);
  await moto.query('iam', {
    ...{ Action: 'TagUser', ...VERSION, UserName: userName },
    ...Object.fromEntries(parameters),
  });
}
