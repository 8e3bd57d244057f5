import { RotatedSecretError } from '../../client/errors';
import type { RotatedKey } from '../../client/rotated-key';
import {
  ID,
  inBytes,
  isBlank,
  joined,
  type Line,
  linesOf,
  propertyOf,
  SECRET,
  sectionOf,
  TOKENS,
} from './profile-lines';

/**
 * A credentials file with the profile's key in place, everything else byte for byte as it was.
 *
 * @param text one that `refuseUnclear` lets pass
 */
export function withProfileKey(text: string, profile: string, key: RotatedKey): string {
  const values = new Map([
    [ID, key.accessKeyId],
    [SECRET, key.secretAccessKey.reveal()],
  ]);
  const lines = linesOf(text);
  const ending = lines[0]?.ending === '\r\n' ? '\r\n' : '\n';
  const wanted = inBytes(profile);
  const first = lines.findIndex((line) => sectionOf(line) === wanted);
  if (first === -1) {
    const added = ['', `[${wanted}]`, ...[...values].map(assignment)].map((line) => line + ending);
    return joined(lines, ending) + added.slice(lines.length === 0 || isBlank(lines.at(-1)) ? 1 : 0).join('');
  }
  return joined(replaceIn(lines, { wanted, first, values, ending }));
}

interface Replacement {
  readonly wanted: string;
  /** The line of the profile's first header. */
  readonly first: number;
  readonly values: ReadonlyMap<string, string>;
  readonly ending: string;
}

/** A profile that is there twice is read differently by different SDKs; both get the key, so all read the same. */
function replaceIn(lines: readonly Line[], { wanted, first, values, ending }: Replacement): Line[] {
  const end = lines.findIndex((line, index) => index > first && sectionOf(line) !== undefined);
  const own = lines.slice(first + 1, end === -1 ? undefined : end).map(ownName);
  const missing = [...values].filter(([name]) => !own.includes(name));
  let section: string | undefined;
  return lines.flatMap((line, index) => {
    const header = sectionOf(line);
    if (header !== undefined) {
      section = header;
      const inserted = missing.map((one) => ({ text: assignment(one), ending }));
      return index === first ? [{ ...line, ending: line.ending || ending }, ...inserted] : [line];
    }
    const name = ownName(line) ?? '';
    if (section !== wanted) return [line];
    if (TOKENS.includes(name)) return [];
    const replaced = values.get(name);
    return replaced === undefined ? [line] : [{ ...line, text: withValue(line.text, replaced) }];
  });
}

/** Not of what is indented: that belongs to the line above, such as `s3 =`. */
function ownName(line: Line): string | undefined {
  const property = propertyOf(line);
  return property?.isIndented === false ? property.name : undefined;
}

const withValue = (text: string, value: string): string =>
  text.replace(/^([^=]*=\s*)\S*/, (_all, before: string) => before + value);

const assignment = ([name, value]: readonly [string, string]): string => `${name} = ${value}`;

/** What is written into a file of lines must not hold any: it could be a profile of its own. */
export function checkKey(secretId: string, { accessKeyId, secretAccessKey }: RotatedKey): void {
  if (/^\w+$/.test(accessKeyId) && /^[\w/+=-]+$/.test(secretAccessKey.reveal())) return;
  throw new RotatedSecretError(secretId, 'its key pair holds characters that no access key of AWS has.');
}
