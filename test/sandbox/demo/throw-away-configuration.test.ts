import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { parseConfiguration } from '../../../modules/config/parse-configuration';
import { throwAwayConfiguration } from '../../../sandbox/demo/throw-away-configuration';

describe('the configuration of a stack that is thrown away', () => {
  const EXAMPLE = join(__dirname, '../../../rotation.yaml');

  it('a throw-away configuration has the example’s users with their schedules and times, and nothing that guards them', () => {
    const text = readFileSync(EXAMPLE, 'utf8');
    const [original] = parseConfiguration(EXAMPLE, text).stacks;

    const [derived] = parseConfiguration(EXAMPLE, throwAwayConfiguration(text)).stacks;

    expect(derived).toEqual({
      ...original,
      ...{ protection: false, secretRecoveryDays: 0, onLeak: 'replace' },
    });
  });

  it('a throw-away configuration leaves out what only the real account has', () => {
    const text = `
defaults: { overlap: 12h }
stacks:
  production:
    accountId: "012345678901"
    region: eu-west-1
    deployRoleArn: arn:aws:iam::012345678901:role/terraform
    backend: { s3: { bucket: state, key: production.tfstate, region: eu-west-1 } }
    kmsKeyArn: arn:aws:kms:eu-west-1:012345678901:key/00000000-0000-0000-0000-000000000000
    permissionsBoundaryArn: arn:aws:iam::012345678901:policy/boundary
    users:
      plain:
      mailer:
        existing: true
        rotateEvery: 30d
        policyArns: [arn:aws:iam::aws:policy/ReadOnlyAccess, arn:aws:iam::012345678901:policy/mail]
`;
    expect(parse(throwAwayConfiguration(text))).toEqual({
      defaults: { overlap: '12h' },
      stacks: {
        production: {
          // Still a text: as a number it would lose its zero.
          accountId: '012345678901',
          region: 'eu-west-1',
          onLeak: 'replace',
          protection: 'off',
          secretRecoveryDays: 0,
          users: {
            plain: { policyArns: [] },
            mailer: { rotateEvery: '30d', policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
          },
        },
      },
    });
  });
});
