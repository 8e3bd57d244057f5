import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ADVICE, isOpen, verdict, VERDICTS, type VerdictName } from '../../../cli/adopt/verdict';
import { DAY } from '../../../contract/instant';
import type { KeyUse } from '../../../handlers/core/retirement/retirement-ports';
import { NOON } from '../../handlers/support/fixtures';
import { aKey, facts, RULES, used } from './support/facts';

type Own = Parameters<typeof facts>[0];

const call = (own: Partial<KeyUse>): KeyUse => ({
  ...{
    at: NOON - DAY,
    call: 's3.amazonaws.com ListBuckets',
    principal: 'arn:aws:iam::111122223333:user/mailer',
  },
  ...{ sourceAddress: 'unknown', userAgent: 'something/1.0', hasFailed: false },
  ...own,
});

describe.each<[VerdictName, 'fact' | 'guess', string, Own]>([
  ['delete', 'fact', 'was never used and is old', { lastUse: undefined }],
  ['delete', 'fact', 'was not used for 91 days', { lastUse: used(91) }],
  [
    'delete',
    'fact',
    'was not used for 91 days, although a person has it',
    { lastUse: used(91), user: { hasPassword: true } },
  ],
  [
    'delete',
    'guess',
    'is Inactive and was used 3 days ago',
    { key: aKey({ status: 'Inactive' }), lastUse: used(3) },
  ],
  [
    'delete',
    'guess',
    'is Inactive, new and unused',
    { key: aKey({ status: 'Inactive', createdAt: NOON - DAY }), lastUse: undefined },
  ],
  ['delete', 'guess', 'has a status that is not known here', { key: aKey({ status: 'Unknown' }) }],
  ['person', 'fact', 'is of a user with a password', { user: { hasPassword: true } }],
  ['person', 'fact', 'is of a user with an MFA device', { user: { hasMfa: true, userName: 'jenkins' } }],
  ['ci', 'guess', 'is of a user called github-actions', { user: { userName: 'github-actions' } }],
  ['ci', 'guess', 'is of a user called app-ci', { user: { userName: 'app-ci' } }],
  ['ci', 'guess', 'is of a user with the path /gitlab/', { user: { path: '/gitlab/' } }],
  [
    'ci',
    'guess',
    'is of a user with the tag used-by=CircleCI',
    { user: { tags: { 'used-by': 'CircleCI' } } },
  ],
  ['ci', 'guess', 'is of terraform', { user: { userName: 'terraform' } }],
  [
    'rotate',
    'guess',
    'is of decision-maker, in whose name ci is no word',
    { user: { userName: 'decision-maker' } },
  ],
  ['rotate', 'guess', 'is of a user of whom nothing is known', {}],
  [
    'rotate',
    'guess',
    'was made yesterday and never used',
    { key: aKey({ createdAt: NOON - DAY }), lastUse: undefined },
  ],
  [
    'rotate',
    'guess',
    'sends mail by SMTP, which no role can do',
    { lastUse: used(1, 'ses'), user: { userName: 'on-prem-mail' } },
  ],
  ['insideAws', 'guess', 'is of report-lambda', { user: { userName: 'report-lambda' } }],
  ['insideAws', 'guess', 'is of a user with the tag runs-on=ECS', { user: { tags: { 'runs-on': 'ECS' } } }],
  ['outside', 'guess', 'is of backup-onprem', { user: { userName: 'backup-onprem' } }],
  ['outside', 'guess', 'is of acme-vendor', { user: { userName: 'acme-vendor' } }],
  [
    'insideAws',
    'guess',
    'was used by a Lambda function, although the name says Jenkins',
    {
      user: { userName: 'jenkins' },
      calls: [call({ userAgent: 'aws-sdk-js/3.1 exec-env/AWS_Lambda_nodejs22.x' })],
    },
  ],
  [
    'ci',
    'guess',
    'was used by GitHub Actions, by its user agent',
    { calls: [call({ userAgent: 'aws-sdk-js/3.1 configure-aws-credentials-for-github-actions' })] },
  ],
  [
    'outside',
    'guess',
    'was used from the internet alone',
    { calls: [call({ sourceAddress: '203.0.113.7' })] },
  ],
  [
    'insideAws',
    'guess',
    'was used through a VPC endpoint alone',
    { calls: [call({ sourceAddress: '10.1.2.3' })] },
  ],
  [
    'rotate',
    'guess',
    'was used from here and there',
    { calls: [call({ sourceAddress: '10.1.2.3' }), call({ sourceAddress: '203.0.113.7' })] },
  ],
  [
    'person',
    'guess',
    'was used by the AWS CLI on a Mac',
    { calls: [call({ userAgent: 'aws-cli/2.31 md/awscrt os/macos#24.6 md/arch#arm64' })] },
  ],
  [
    'rotated',
    'fact',
    'is rotated by the stack',
    { user: { rotation: { stableKey: 'mailer', stack: 'p', hasCurrentKey: true } }, lastUse: undefined },
  ],
  [
    'rotated',
    'fact',
    'is of a user that a stack of another prefix made',
    { user: { tags: { 'iam-key-rotation:stack': 'two', 'iam-key-rotation:user': 'mailer' } } },
  ],
])('%s, as a %s, is the verdict on a key that', (name, certainty, _, own) => {
  it(_, () => {
    const found = verdict(facts(own), RULES);

    expect({ verdict: found.verdict, certainty: found.certainty }).toEqual({ verdict: name, certainty });
    expect(found.evidence.length).toBeGreaterThan(0);
    for (const sentence of found.evidence) expect(sentence).toMatch(/^[A-Z].*[.:)0-9#a-z]$/);
  });
});

describe('a verdict', () => {
  it('is a fact on the day after the limit, and not on the day before', () => {
    expect(verdict(facts({ lastUse: used(89) }), RULES).verdict).toBe('rotate');
    expect(verdict(facts({ lastUse: used(29) }), { ...RULES, unusedFor: 30 * DAY }).verdict).toBe('rotate');
    expect(verdict(facts({ lastUse: used(31) }), { ...RULES, unusedFor: 30 * DAY }).verdict).toBe('delete');
  });

  it('says of a key that the stack did not make how it is retired', () => {
    const rotation = { stableKey: 'mailer', stack: 'p', hasCurrentKey: true, itsKeys: new Set<string>() };

    expect(verdict(facts({ user: { rotation } }), RULES).evidence[1]).toContain('until takeOver names it');
  });

  it('is open to tags and calls only where no fact decides', () => {
    expect(isOpen(facts({ user: { tags: undefined } }), RULES)).toBe(true);
    expect(isOpen(facts({ lastUse: used(91) }), RULES)).toBe(false);
    expect(isOpen(facts({ user: { hasMfa: true } }), RULES)).toBe(false);
  });

  it('comes with an advice, whichever it is', () => {
    expect(VERDICTS.map((name) => ADVICE[name])).not.toContain(undefined);
  });

  it('has its row in the docs, whichever it is, in the order of the table', () => {
    const page = readFileSync(join(__dirname, '../../../docs/existing-users.md'), 'utf8');
    const [, section = ''] = /\n## Find what to rotate\n([\s\S]*?)\n## /.exec(page) ?? [];

    expect([...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name)).toEqual([...VERDICTS]);
  });
});
