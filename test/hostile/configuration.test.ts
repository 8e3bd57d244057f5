import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { stringify } from 'yaml';

import { parseUsersFile } from '../../cli/adopt/entries';
import { loadConfiguration } from '../../modules/config/load-configuration';
import { parseConfiguration } from '../../modules/config/parse-configuration';
import { ConfigurationError } from '../../modules/config/problem';
import { secretText } from '../handlers/support/fixtures';
import { damaged, hostileTexts, outcomeOf, UNSEEN } from './support/hostile';

/* Who opens a pull request writes the file, or the file of a team. */

const USER = {
  ...{ path: '/service/', readers: ['arn:aws:iam::111122223333:role/ci'], owner: 'x', tags: { a: 'b' } },
  deliver: [{ secret: { id: 'payments/env', fields: { KEY: 'AccessKeyId' } } }],
};
const CONFIGURATION = {
  defaults: { rotateEvery: '60d', overlap: '24h' },
  stacks: {
    production: {
      ...{ accountId: '111122223333', region: 'eu-west-1', alerts: { emails: ['a@example.com'] } },
      ...{ tags: { team: 'x' }, users: { 'ci-deployer': USER, backup: {} } },
    },
  },
};
const asYaml = (value: unknown): string | undefined => {
  try {
    return stringify(value);
  } catch {
    // Deeper than JavaScript can write; see below.
    return undefined;
  }
};
const refused = { errors: [ConfigurationError] };

it('rotation.yaml with whatever in it is a configuration, or a ConfigurationError', async () => {
  expect(parseConfiguration('rotation.yaml', stringify(CONFIGURATION)).stacks).toHaveLength(1);
  await fc.assert(
    fc.asyncProperty(damaged(CONFIGURATION), async (changed) => {
      const text = asYaml(changed);
      if (text === undefined) return;
      const outcome = await outcomeOf(() => parseConfiguration('rotation.yaml', text), refused);
      if ('value' in outcome) return;
      // What was found is shown as text, and is of use: nobody reads a screen full of it.
      expect(outcome.error.message).not.toMatch(UNSEEN);
      for (const line of outcome.error.message.split('\n')) expect(line.length).toBeLessThan(20_000);
    }),
    { numRuns: 120 },
  );
});

it.each([
  [
    'a bomb of aliases',
    `a: &a [x,x]\n${'bcdefghijklmnopqrstuvwxyz'
      .split('')
      .map(
        (name, at) =>
          `${name}: &${name} [*${'abcdefghijklmnopqrstuvwxyz'[at]},*${'abcdefghijklmnopqrstuvwxyz'[at]}]`,
      )
      .join('\n')}\nstacks: *z\n`,
  ],
  ['an alias to itself', 'stacks: &a { production: *a }\n'],
  ['a merge key with itself', 'stacks: &a { <<: *a }\n'],
  ['lists without end', `stacks: ${'['.repeat(20_000)}\n`],
  ['lists within lists', `stacks: ${'['.repeat(5_000)}${']'.repeat(5_000)}\n`],
  ['items within items', `${'- '.repeat(5_000)}x\n`],
  ['maps within maps', `stacks: ${'{a: '.repeat(3_000)}1${'}'.repeat(3_000)}\n`],
  ['tags of another language', 'stacks: !!js/function "function () { return 1 }"\n'],
  ['tags of Python', 'stacks: !!python/object/apply:os.system ["id"]\n'],
  ['a key that is a map', '? { a: b }\n: c\nstacks: {}\n'],
  [
    'the prototype of all objects',
    '__proto__: { polluted: true }\nconstructor: { prototype: { polluted: true } }\n',
  ],
  ['the prototype in a merge key', 'x-a: &a { __proto__: { polluted: true } }\nstacks: { <<: *a }\n'],
  ['several documents', 'stacks: {}\n---\nstacks: {}\n'],
  ['a number that no number is', 'stacks: { production: { accountId: 1e999 } }\n'],
  ['bytes', 'stacks: !!binary AAAA\n'],
])('a file with %s is refused in words', async (_what, text) => {
  const outcome = await outcomeOf(() => parseConfiguration('rotation.yaml', text), refused);

  expect(outcome).toHaveProperty('error');
});

it('the users file of adopt with whatever in it is read, or refused in words', async () => {
  await fc.assert(
    fc.asyncProperty(
      damaged({ users: { 'ci-deployer': { userName: 'x', existing: true } } }),
      async (changed) => {
        const text = asYaml(changed);
        if (text === undefined) return;
        await outcomeOf(() => parseUsersFile(text), { errors: [Error] });
      },
    ),
    { numRuns: 100 },
  );
});

it('a name in the file leads to no place outside of the folder that is written', () => {
  fc.assert(
    fc.property(hostileTexts, (name) => {
      for (const [stack, user] of [
        [name, 'ci-deployer'],
        ['production', name],
      ] as const) {
        const data = {
          stacks: { [stack]: { accountId: '111122223333', region: 'eu-west-1', users: { [user]: {} } } },
        };
        let stacks: ReturnType<typeof parseConfiguration>['stacks'] = [];
        try {
          ({ stacks } = parseConfiguration('rotation.yaml', stringify(data)));
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigurationError);
        }
        for (const one of stacks)
          for (const part of [one.name, ...one.users.map(({ key }) => key)])
            expect(part).toMatch(/^[A-Za-z_][\w-]*$/);
      }
    }),
    { numRuns: 100 },
  );
});

describe('What a file includes', () => {
  let outside: string;
  let folder: string;
  beforeAll(() => {
    outside = mkdtempSync(join(tmpdir(), 'outside-'));
    folder = join(outside, 'project');
    mkdirSync(join(folder, 'teams'), { recursive: true });
    writeFileSync(join(outside, 'secret.yaml'), 'users: { stolen: {} }\n');
    symlinkSync(join(outside, 'secret.yaml'), join(folder, 'teams', 'link.yaml'));
    symlinkSync(outside, join(folder, 'up'));
    symlinkSync(join(folder, 'loop'), join(folder, 'loop'));
  });
  afterAll(() => rmSync(outside, { recursive: true }));

  it.each([
    ...['../secret.yaml', 'teams/../../secret.yaml', 'teams/link.yaml', 'teams/*.yaml', 'up/secret.yaml'],
    ...[
      '*/secret.yaml',
      './../secret.yaml',
      '/etc/x.yaml',
      'up/project/up/*.yaml',
      'loop/*.yaml',
      'loop.yaml',
    ],
    ...['**/secret.yaml', 'teams/\u0000.yaml', '..\\secret.yaml', `${'*a'.repeat(60)}.yaml`],
  ])('does not leave the folder of the file: %s', async (pattern) => {
    const file = join(folder, 'rotation.yaml');
    writeFileSync(
      file,
      stringify({
        stacks: {
          production: {
            accountId: '111122223333',
            region: 'eu-west-1',
            users: { a: {} },
            include: [pattern],
          },
        },
      }),
    );

    expect(await outcomeOf(() => loadConfiguration(file), refused)).toHaveProperty('error');
  });
});

it('a secret that somebody has written where none belongs is in no error', async () => {
  const secret = secretText();
  const https = { url: 'https://ci.example.com/x', method: 'PUT', body: { a: '{SecretAccessKey}' } };
  const withTarget = (target: object) => ({
    'ci-deployer': { deliver: [{ https: { ...https, ...target } }] },
  });
  for (const users of [
    withTarget({ headers: { Authorization: `Bearer ${secret}` } }),
    withTarget({ headers: { 'X-Api-Key': secret } }),
    withTarget({ url: `https://ci.example.com/x?access_token=${secret}` }),
    withTarget({ url: `https://user:${secret}@ci.example.com/x` }),
    { 'ci-deployer': { secretAccessKey: secret } },
    { 'ci-deployer': { password: secret } },
  ]) {
    const data = { stacks: { production: { accountId: '111122223333', region: 'eu-west-1', users } } };
    const outcome = await outcomeOf(() => parseConfiguration('rotation.yaml', stringify(data)), {
      ...refused,
      secrets: [secret],
    });
    expect(outcome).toHaveProperty('error');
  }
});
