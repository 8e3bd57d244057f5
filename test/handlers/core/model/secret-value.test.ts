import { SecretMaterial } from '../../../../contract/secret-material';
import {
  decodeSecretValue,
  encodeSecretValue,
  wasStoredByUs,
} from '../../../../handlers/core/model/secret-value';
import { sesSmtpPassword } from '../../../../handlers/core/model/ses-smtp-password';
import { NOON, keyId, secretText, settingsOf } from '../../support/fixtures';

const settings = settingsOf();
const secret = secretText();
const key = {
  id: keyId(),
  status: 'Active' as const,
  createdAt: NOON,
  secretAccessKey: new SecretMaterial(secret),
};
const text = (document: unknown): SecretMaterial =>
  new SecretMaterial(typeof document === 'string' ? document : JSON.stringify(document));
const ours = JSON.parse(encodeSecretValue(key, settings).reveal()) as Record<string, unknown>;

test('the stored value is a credential_process document that also says whose it is, and nothing that an SDK takes for temporary', () => {
  expect(ours).toEqual({
    Version: 1,
    AccessKeyId: key.id,
    SecretAccessKey: secret,
    UserName: settings.userName,
    AccountId: settings.accountId,
    CreateDate: '2026-01-15T12:00:00.000Z',
  });
});

describe('the stored value of a user that sends mail through SES', () => {
  const withSmtp = encodeSecretValue(key, { ...settings, sesSmtp: { region: 'eu-west-1' } });

  test('the stored value of a user that sends mail also has SMTP user name, password of the region, and region', () => {
    expect(JSON.parse(withSmtp.reveal())).toEqual({
      ...ours,
      SmtpUserName: key.id,
      SmtpPassword: sesSmtpPassword(key.secretAccessKey, 'eu-west-1').reveal(),
      SmtpRegion: 'eu-west-1',
    });
  });

  test('the stored value of a user that sends mail is read back, and is known as ours whatever the settings say by now', () => {
    expect(decodeSecretValue(withSmtp)?.secretAccessKey.reveal()).toBe(secret);
    expect(wasStoredByUs(withSmtp, settings, key)).toBe(true);
  });
});

test('a stored value is read back, and the secret stays in a type that does not print', () => {
  const credentials = decodeSecretValue(encodeSecretValue(key, settings));
  expect(credentials?.accessKeyId).toBe(key.id);
  expect(credentials?.secretAccessKey.reveal()).toBe(secret);
  expect(JSON.stringify(credentials)).not.toContain(secret);
});

test('a document with fields that are not ours is read as well', () => {
  expect(decodeSecretValue(text({ ...ours, SmtpPassword: 'x' }))?.accessKeyId).toBe(key.id);
});

test.each([
  ['no JSON', 'AKIA and a secret'],
  ['cut off', JSON.stringify(ours).slice(0, -5)],
  ['a list', []],
  ['null', null],
  ['of another version', { ...ours, Version: 2 }],
  ['of a version that is a text', { ...ours, Version: '1' }],
  ['without key id', { ...ours, AccessKeyId: undefined }],
  ['with a key id that is too short to be one', { ...ours, AccessKeyId: 'AKIA' }],
  ['without secret', { ...ours, SecretAccessKey: '' }],
])('a text that is %s is no key pair, and nothing is thrown that could quote it', (_name, document) => {
  expect(decodeSecretValue(text(document))).toBeUndefined();
});

describe('whether this product stored it', () => {
  test('a text was stored by this product if account, key and the moment of its creation agree with IAM', () => {
    expect(wasStoredByUs(text(ours), settings, key)).toBe(true);
  });

  test.each([
    ['names another account', { ...ours, AccountId: '999999999999' }],
    ['names no account', { ...ours, AccountId: undefined }],
    ['names another key', { ...ours, AccessKeyId: keyId() }],
    ['names another moment', { ...ours, CreateDate: '2026-01-15T12:00:01.000Z' }],
    ['names no moment', { ...ours, CreateDate: undefined }],
    ['names a moment that is none', { ...ours, CreateDate: 'noon' }],
    ['is no key pair', 'by hand'],
  ])('a text that %s was stored by somebody else (R4)', (_name, document) => {
    expect(wasStoredByUs(text(document), settings, key)).toBe(false);
  });
});
