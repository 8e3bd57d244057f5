import { durationBetween } from '../../../cli/credentials/duration';
import { refuseWithinItself } from '../../../cli/credentials/not-within-itself';
import { profileName } from '../../../cli/credentials/profile-name';

const parse = durationBetween(60_000, 3_600_000);

it.each([
  ['60s', 60_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
])('the duration %s is %d ms', (text, ms) => {
  expect(parse(text)).toBe(ms);
});

it.each(['59s', '61m', '5', 'm', '5 m', '-5m', '5d', ''])(
  'the duration "%s" is refused, with the limits',
  (text) => {
    expect(() => parse(text)).toThrow('from 1m to 1h');
  },
);

it.each(['app', 'my app', 'a@b.c', 'a#b', 'Ünïcode'])('a profile may be called "%s"', (name) => {
  expect(profileName(name)).toBe(name);
});

it.each(['', ' app', 'app ', 'a]b', '[a', 'a\nb', 'a\u0000', 'a #b', ';a'])(
  'a profile may not be called %j',
  (name) => {
    expect(() => profileName(name)).toThrow('without brackets');
  },
);

it('a credential_process that would start itself is refused the second time, with what to write instead', () => {
  const env = {};
  refuseWithinItself(env);
  expect(() => refuseWithinItself(env)).toThrow('--profile');
});
