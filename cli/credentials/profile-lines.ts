/*
 * The lines of a credentials file. Works on bytes, as text in latin1: whatever is in a file, also what is no valid UTF-8,
 * comes out as it went in.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */

export const ID = 'aws_access_key_id';
export const SECRET = 'aws_secret_access_key';
/** They belong to another key: with them, a new one would be refused. */
export const TOKENS = ['aws_session_token', 'aws_security_token'];

const HEADER = /^\[([^[\]]*)\](?:\s+[#;].*|\s*)$/;
const PROPERTY = /^(\s*)([\w.-]+)\s*[=:]\s*(\S.*|)$/;
const BYTE_ORDER_MARK = /^\u00ef\u00bb\u00bf/;

export interface Line {
  readonly text: string;
  readonly ending: string;
}

export interface Property {
  readonly isIndented: boolean;
  /** In small letters. */
  readonly name: string;
  readonly value: string;
}

export const linesOf = (text: string): Line[] =>
  text
    .split(/(?<=\n)/)
    .filter((line) => line !== '')
    .map((line) => {
      const ending = /\r?\n$/.exec(line)?.[0] ?? '';
      return { text: line.slice(0, line.length - ending.length), ending };
    });

/** @param ending of the last line, if it has none and something follows */
export const joined = (lines: readonly Line[], ending = ''): string =>
  lines
    .map((line, index) => line.text + (line.ending || (index === lines.length - 1 ? ending : '')))
    .join('');

/** The profile that begins in this line. */
export const sectionOf = ({ text }: Line): string | undefined => HEADER.exec(withoutMark(text))?.[1];

export function propertyOf({ text }: Line): Property | undefined {
  const [, indent, name = '', value = ''] = PROPERTY.exec(text) ?? [];
  return indent === undefined ? undefined : { isIndented: indent !== '', name: name.toLowerCase(), value };
}

export const withoutMark = (text: string): string => text.replace(BYTE_ORDER_MARK, '');

export const isBlank = (line: Line | undefined): boolean => line?.text.trim() === '';

export const inBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
export const fromBytes = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');
