import type { Instant } from '../../contract/instant';
import type { LastUse } from '../../handlers/core/model/access-key';

/** One key of a user, as the credential report has it: without its id. */
export interface ReportedKey {
  readonly isActive: boolean;
  /** When it was created, or its status was changed last (F 7.5). */
  readonly changedAt: Instant;
  readonly lastUse: LastUse | undefined;
}

/** A row of the report: a user, or the root user. */
export interface ReportedUser {
  readonly hasPassword: boolean;
  readonly hasMfa: boolean;
  /** Up to two. */
  readonly keys: readonly ReportedKey[];
}

export interface CredentialReport {
  /** Up to 4 hours ago. */
  readonly generatedAt: Instant;
  /** By the user's name. */
  readonly users: ReadonlyMap<string, ReportedUser>;
  /** Undefined: the report has no row for it. */
  readonly root: ReportedUser | undefined;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html */
const ROOT = '<root_account>';

const NEEDED = [
  'user',
  'password_enabled',
  'mfa_active',
  ...[1, 2].flatMap((slot) => columnsOf(slot)),
] as const;

function columnsOf(slot: number): readonly string[] {
  const begin = `access_key_${slot}`;
  return ['active', 'last_rotated', 'last_used_date', 'last_used_region', 'last_used_service'].map(
    (name) => `${begin}_${name}`,
  );
}

/**
 * Reads a credential report by the names of its columns: AWS adds columns. A row that does not fit the first line, or says
 * something that is not understood, is left out: its user is then asked for one by one.
 *
 * @throws Error where the first line lacks a column
 */
export function parseCredentialReport(csv: string, generatedAt: Instant): CredentialReport {
  const [head = '', ...lines] = csv.split(/\r?\n/);
  const columns = fieldsOf(head);
  const missing = NEEDED.filter((name) => !columns.includes(name));
  if (missing.length > 0)
    throw new Error(`IAM's credential report has no column ${missing.join(', ')}, so it cannot be read.`);
  const users = new Map<string, ReportedUser>();
  for (const line of lines) {
    if (line === '') continue;
    const fields = fieldsOf(line);
    if (fields.length !== columns.length) continue;
    const row = new Map(columns.map((name, at) => [name, fields[at] ?? '']));
    const user = userOf(row);
    if (user !== undefined) users.set(row.get('user') ?? '', user);
  }
  const root = users.get(ROOT);
  users.delete(ROOT);
  return { generatedAt, users, root };
}

/** The fields of one line. Names may hold commas, and no line breaks. https://www.rfc-editor.org/rfc/rfc4180 */
const fieldsOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  );

function userOf(row: ReadonlyMap<string, string>): ReportedUser | undefined {
  const [hasPassword, hasMfa] = [truth(row.get('password_enabled')), truth(row.get('mfa_active'))];
  const keys = [1, 2].map((slot) => keyOf(row, slot));
  if (hasPassword === undefined || hasMfa === undefined || keys.includes('unclear')) return undefined;
  return { hasPassword, hasMfa, keys: keys.filter((key) => typeof key === 'object') };
}

function keyOf(row: ReadonlyMap<string, string>, slot: number): ReportedKey | 'none' | 'unclear' {
  const [active, changed, used, region, service] = columnsOf(slot).map((name) => row.get(name) ?? '');
  const isActive = truth(active);
  if (isActive === undefined) return 'unclear';
  if (isNothing(changed)) return isActive ? 'unclear' : 'none';
  const changedAt = Date.parse(changed ?? '');
  const at = isNothing(used) ? undefined : Date.parse(used ?? '');
  if (Number.isNaN(changedAt) || Number.isNaN(at)) return 'unclear';
  const lastUse = at === undefined ? undefined : { at, service: service ?? '', region: region ?? '' };
  return { isActive, changedAt, lastUse };
}

/** AWS's page writes TRUE and FALSE, its reports true and false. The root user's password is `not_supported`. */
function truth(text: string | undefined): boolean | undefined {
  const word = text?.toLowerCase();
  if (word === 'true') return true;
  return word === 'false' || word === 'not_supported' ? false : undefined;
}

const isNothing = (text: string | undefined): boolean =>
  text === undefined || ['', 'N/A', 'no_information', 'not_supported'].includes(text);
