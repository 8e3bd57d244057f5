import { RotatedSecretError } from '../../client/errors';
import type { RotatedKey } from '../../client/rotated-key';

/*
 * Works on bytes, as text in latin1: whatever is in a file, also what is no valid UTF-8, comes out as it went in.
 * How sections and properties are told apart is how the SDKs do it.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */

const ID = 'aws_access_key_id';
const SECRET = 'aws_secret_access_key';
/** They belong to another key: with them, the new one would be refused. */
const TOKENS = new Set(['aws_session_token', 'aws_security_token']);

const HEADER = /^\s*\[([^\]]*)\]\s*(?:[#;].*)?$/;
const PROPERTY = /^(\s*)([\w.-]+)(\s*[=:]\s*)(\S*)(.*)$/;

interface Line {
  readonly text: string;
  readonly ending: string;
}

/** A credentials file with the profile's key in place, everything else byte for byte as it was. */
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
  const own = lines.slice(first + 1, end === -1 ? undefined : end).map(nameOf);
  const missing = [...values].filter(([name]) => !own.includes(name));
  let section: string | undefined;
  let isNested = false;
  return lines.flatMap((line, index) => {
    const header = sectionOf(line);
    if (header !== undefined) {
      section = header;
      isNested = false;
      const inserted = missing.map((one) => ({ text: assignment(one), ending }));
      return index === first ? [{ ...line, ending: line.ending || ending }, ...inserted] : [line];
    }
    const [, indent, , , value] = PROPERTY.exec(line.text) ?? [];
    // `s3 =` and indented lines below it: those are no properties of the profile.
    isNested = indent === '' ? value === '' : isNested && indent !== undefined;
    if (section !== wanted || (isNested && indent !== '')) return [line];
    const name = nameOf(line) ?? '';
    if (TOKENS.has(name)) return [];
    const replaced = values.get(name);
    return replaced === undefined ? [line] : [{ ...line, text: withValue(line.text, replaced) }];
  });
}

const withValue = (text: string, value: string): string =>
  text.replace(PROPERTY, (_all, indent: string, name: string, equals: string, _old: string, rest: string) =>
    [indent, name, equals, value, rest].join(''),
  );

const assignment = ([name, value]: readonly [string, string]): string => `${name} = ${value}`;

const sectionOf = ({ text }: Line): string | undefined => HEADER.exec(text.replace(BYTE_ORDER_MARK, ''))?.[1];
const nameOf = ({ text }: Line): string | undefined => PROPERTY.exec(text)?.[2]?.toLowerCase();
const isBlank = (line: Line | undefined): boolean => line?.text.trim() === '';

const BYTE_ORDER_MARK = /^\u00ef\u00bb\u00bf/;
const inBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const linesOf = (text: string): Line[] =>
  [...text.matchAll(/([^\r\n]*(?:\r(?!\n)[^\r\n]*)*)(\r?\n|$)/g)]
    .filter(([all]) => all !== '')
    .map(([, line = '', ending = '']) => ({ text: line, ending }));

/** @param ending of the last line, if it has none and something follows */
const joined = (lines: readonly Line[], ending = ''): string =>
  lines
    .map((line, index) => line.text + (line.ending || (index === lines.length - 1 ? ending : '')))
    .join('');

/** What is written into a file of lines must not hold any: it could be a profile of its own. */
export function checkKey(secretId: string, { accessKeyId, secretAccessKey }: RotatedKey): void {
  if (/^\w+$/.test(accessKeyId) && /^[\w/+=-]+$/.test(secretAccessKey.reveal())) return;
  throw new RotatedSecretError(secretId, 'its key pair holds characters that no access key of AWS has.');
}
