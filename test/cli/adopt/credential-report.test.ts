import { parseCredentialReport } from '../../../cli/adopt/credential-report';
import { NOON } from '../../handlers/support/fixtures';

const HEAD =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,' +
  'access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,' +
  'access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,' +
  'cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated,additional_credentials_info';
const NO_KEY = 'false,N/A,N/A,N/A,N/A';
const CERTS = 'false,N/A,false,N/A,N/A';
const row = (name: string, password: string, mfa: string, one = NO_KEY, two = NO_KEY): string =>
  `${name},arn:aws:iam::111122223333:user/${name},2020-01-01T00:00:00+00:00,${password},N/A,N/A,N/A,${mfa},${one},${two},${CERTS}`;
const read = (...rows: readonly string[]) => parseCredentialReport([HEAD, ...rows].join('\n'), NOON);

describe('a credential report', () => {
  it('a credential report is read by the names of its columns', () => {
    const used = 'true,2024-05-06T07:08:09+00:00,2026-01-02T03:04:00+00:00,us-east-1,s3';

    const { users, generatedAt } = read(
      row('ci', 'false', 'true', used, 'FALSE,2025-01-01T00:00:00Z,N/A,N/A,N/A'),
    );

    expect(generatedAt).toBe(NOON);
    expect(users.get('ci')).toEqual({
      hasPassword: false,
      hasMfa: true,
      keys: [
        {
          isActive: true,
          changedAt: Date.UTC(2024, 4, 6, 7, 8, 9),
          lastUse: { at: Date.UTC(2026, 0, 2, 3, 4), region: 'us-east-1', service: 's3' },
        },
        { isActive: false, changedAt: Date.UTC(2025, 0, 1), lastUse: undefined },
      ],
    });
  });

  it('a credential report’s first row is the root user, whose password is not in it', () => {
    const key = 'TRUE,2011-01-01T00:00:00+00:00,N/A,N/A,N/A';
    const { root, users } = read(
      row('<root_account>', 'not_supported', 'TRUE', key),
      row('a', 'TRUE', 'FALSE'),
    );

    expect(root).toMatchObject({ hasPassword: false, hasMfa: true, keys: [{ isActive: true }] });
    expect([...users.keys()]).toEqual(['a']);
  });

  it.each([
    ['a name with a comma, quoted', row('"a,b"', 'false', 'false').replace('user/"a,b"', 'user/a'), ['a,b']],
    ['a name with a comma that is not quoted, as it cannot be told apart', row('a,b', 'false', 'false'), []],
    ['a word for true or false that is not known', row('a', 'perhaps', 'false'), []],
    ['a date that is none', row('a', 'false', 'false', 'true,yesterday,N/A,N/A,N/A'), []],
    ['an active key without a date', row('a', 'false', 'false', 'true,N/A,N/A,N/A,N/A'), []],
  ])('a row of a credential report with %s is read, or its user is asked for', (_, text, names) => {
    expect([...read(text).users.keys()]).toEqual(names);
  });

  it('a credential report without a column that is needed is refused', () => {
    expect(() => parseCredentialReport('user,arn\na,b', NOON)).toThrow('has no column password_enabled');
  });
});
