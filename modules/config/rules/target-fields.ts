import type { Draft, DraftStack, DraftUser } from '../draft';
import type { Path, Problem } from '../problem';
import { MOST_FIELDS } from '../schema/deliver/parts';
import { FIELD_NAME } from '../schema/deliver/secret';

/** What a rule about a target looks at besides. */
export interface TargetRules {
  readonly draft: Draft;
  readonly stack: DraftStack;
  readonly user: DraftUser;
}

/** What the names of parts are, where they go. */
interface Names {
  /** The key of the map. */
  readonly key: string;
  readonly pattern: RegExp;
  readonly rule: string;
  /** As in "the names that the fields have". */
  readonly of: string;
}

const OF_FIELDS: Names = {
  key: 'fields',
  pattern: FIELD_NAME,
  rule: 'the name of a field is a text of 1 to 128 characters in one line, without blanks at its ends',
  of: 'fields',
};

/** At least one part of the key pair, under names that the place takes, and that the user has. */
export function checkFields(
  rules: TargetRules,
  path: Path,
  fields: Readonly<Record<string, string | undefined>>,
  { key, pattern, rule, of }: Names = OF_FIELDS,
): Problem[] {
  const names = Object.keys(fields);
  if (names.length === 0 && rules.draft.isSoundThroughout(path)) {
    return [
      {
        path,
        rule: `${key} is a map of 1 to ${MOST_FIELDS} parts of the key pair, by the names that the ${of} have`,
        write: '{ AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey }',
      },
    ];
  }
  return names.flatMap((name): Problem[] => {
    const inField = [...path, name];
    if (!pattern.test(name)) {
      return [{ path: inField, found: `'${name}'`, rule, write: 'AWS_ACCESS_KEY_ID:' }];
    }
    return checkSmtp(rules, inField, fields[name]);
  });
}

/** What only a user with sesSmtp has. */
export function checkSmtp({ user }: TargetRules, path: Path, part: string | undefined): Problem[] {
  if (part?.startsWith('Smtp') !== true || user.values.sesSmtp !== undefined) return [];
  const rule = `only a user with sesSmtp has ${part}`;
  return [{ path, rule, write: 'sesSmtp: { region: … } for the user, or another part' }];
}
