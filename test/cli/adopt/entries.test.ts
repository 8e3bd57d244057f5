import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { addTakeOver, chooseUsers, parseUsersFile, usersFile, usersIn } from '../../../cli/adopt/entries';
import type { UserAccess } from '../../../cli/adopt/account';
import { loadConfiguration } from '../../../modules/config/load-configuration';
import { RESERVED_STABLE_KEYS } from '../../../modules/aws/names';
import { aFinding, aKey } from './support/facts';

const PREFIX = 'iam-key-rotation';
const of = (userName: string, tags: Record<string, string> = {}) => aFinding({ user: { userName, tags } });
const choose = (findings: ReturnType<typeof of>[], taken: readonly string[] = []) =>
  chooseUsers(findings, findings, { prefix: PREFIX, taken });

describe('entries', () => {
  const folder = mkdtempSync(join(tmpdir(), 'entries-'));
  mkdirSync(join(folder, 'users'));
  afterAll(() => rmSync(folder, { recursive: true }));
  /** What the product itself reads from the file. */
  const load = (text: string) => {
    writeFileSync(
      join(folder, 'rotation.yaml'),
      "stacks:\n  production:\n    accountId: '111122223333'\n    region: eu-west-1\n    alerts: { emails: [a@example.com] }\n    include: [users/*.yaml]\n",
    );
    writeFileSync(join(folder, 'users', 'adopted.yaml'), text);
    return loadConfiguration(join(folder, 'rotation.yaml')).stacks[0]!.users;
  };

  it('an entry of any IAM user is read by the product itself, as an existing user with its own name', () => {
    const names = [
      ...[
        'ci',
        'legacy.mailer@example',
        '1st',
        '-x',
        'a,b=c+d',
        'constructor',
        '__proto__',
        'toString',
        'yes',
        '~',
        'null',
      ],
      ...[
        'a.b',
        'a_b',
        'A-B',
        'a-b',
        ...RESERVED_STABLE_KEYS,
        'x'.repeat(64),
        `${'x'.repeat(63)}y`,
        '12',
        '1e3',
      ],
    ].filter((name) => /^[\w+=,.@-]+$/.test(name));
    const different = names.filter(
      (name, at) => names.findIndex((one) => one.toLowerCase() === name.toLowerCase()) === at,
    );

    const users = load(usersFile(choose(different.map((name) => of(name))), { file: 'users/adopted.yaml' }));

    expect(users.map(({ userName }) => userName).sort()).toEqual([...different].sort());
    expect(users.every(({ existing, takeOver }) => existing && takeOver === undefined)).toBe(true);
  });

  it('an entry that moves here has what Terraform would otherwise change', () => {
    const access: UserAccess = {
      tags: { Owner: 'mail-team' },
      policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
      groups: ['mailers'],
      permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/boundary',
      inlinePolicies: ['send'],
    };
    const chosen = choose([aFinding({ user: { userName: 'mailer', path: '/mail/' } })]);

    const text = usersFile(chosen, { file: 'users/adopted.yaml', access: new Map([['mailer', access]]) });

    expect(load(text)).toMatchObject([
      {
        ...{ userName: 'mailer', import: true, existing: false, path: '/mail/', owner: 'mail-team' },
        ...{ policyArns: access.policyArns, groups: access.groups },
        permissionsBoundaryArn: access.permissionsBoundaryArn,
      },
    ]);
    expect(text).toContain('# Its inline policies send stay');
  });

  it('an entry that moves here has the tags of the user, which the apply would take off otherwise', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`tag-${at}`, 'true']));
    const access: UserAccess = {
      tags: {
        ...{ Team: '12', empty: '', 'IAM-Key-Rotation:owner': 'x', ...many },
        ...{ 'aws:cloudformation:stack-name': 'theirs', AKIAIOSFODNN7EXAMPLE: 'the key of the mailer' },
      },
      ...{ policyArns: [], groups: [], inlinePolicies: [] },
    };
    const chosen = choose([of('mailer')]);

    const text = usersFile(chosen, { file: 'users/adopted.yaml', access: new Map([['mailer', access]]) });

    const { 'tag-39': last, ...fitting } = many;
    expect(last).toBe('true');
    expect(load(text)[0]?.tags).toEqual({ Team: '12', ...fitting });
    expect(text).toContain("# Not in tags: empty=, because a tag's value is a text of 1 to 256");
    expect(text).toContain('# Not in tags: IAM-Key-Rotation:owner=x, because tag keys that begin with');
    expect(text).toContain('# Not in tags: tag-39=true, because a user has up to 40 tags');
    // Terraform leaves these on the user.
    expect(text).not.toMatch(/cloudformation|AKIAIOSFODNN7EXAMPLE/);
  });

  it('an entry that stays with its owner has no tags', () => {
    expect(load(usersFile(choose([of('a', { Team: 'x' })]), { file: 'f' }))[0]?.tags).toEqual({});
  });

  it('an entry names who answers for the user, by its tags', () => {
    const [user] = load(usersFile(choose([of('a', { Team: 'x', owner: 'y' })]), { file: 'f' }));

    expect(user?.owner).toBe('y');
  });

  it('a stable key that the stack has already is not given a second time, and the same users get the same ones', () => {
    const findings = ['b.c', 'b@c', 'a'].map((name) => of(name));

    expect(choose(findings, ['A']).map(({ stableKey }) => stableKey)).toEqual(['a_2', 'b_c', 'b_c_2']);
    expect(choose([...findings].reverse(), ['A'])).toEqual(choose(findings, ['A']));
  });

  it('a user whose slots are both taken is told of, in the file', () => {
    const findings = [of('two'), aFinding({ user: { userName: 'two' }, key: aKey({ status: 'Inactive' }) })];

    expect(usersFile(choose(findings), { file: 'f' })).toContain('Both slots are taken');
  });

  it('a name or a tag cannot write into the file', () => {
    const text = usersFile(choose([of('a', { owner: 'x\n  evil: {}\n# \u001b[2J' })]), {
      file: 'f\n  evil: {}',
    });

    expect([...usersIn(parseUsersFile(text), 'f').keys()]).toEqual(['a']);
  });

  describe('when keys are taken over', () => {
    const [one, two] = [aKey().id, aKey().id];
    const add = (text: string, ...ids: readonly string[]): string => {
      return addTakeOver(
        { file: 'f', text },
        usersIn(parseUsersFile(text), 'f'),
        new Map([['mailer@example', ids]]),
      );
    };
    const WRITTEN =
      'users:\n  # why\n  mailer:\n    userName: mailer@example\n    existing: true # theirs\n  other: {}\n';

    it('their ids are written, and all else of the file stays as it is', () => {
      expect(add(WRITTEN, one)).toBe(
        `users:\n  # why\n  mailer:\n    userName: mailer@example\n    existing: true # theirs\n    takeOver: [${one}]\n  other: {}\n`,
      );
    });

    it('the file is one that the product reads', () => {
      expect(load(add(WRITTEN, one, two))).toMatchObject([{ takeOver: [one, two] }, {}]);
    });

    it('what is named already stays named, and nothing is named twice', () => {
      expect(add(add(WRITTEN, one), two, one)).toContain(`takeOver: [${one}, ${two}]`);
      expect(add(add(WRITTEN, one), one)).toBe(add(WRITTEN, one));
    });

    it('a user whose keys are all taken over already stays as it is', () => {
      const text = WRITTEN.replace('existing: true', 'takeOver: all');

      expect(add(text, one)).toBe(text);
    });

    it.each([
      ['nothing is to be added', []],
      ['all is named already', [one]],
    ])('where %s the text stays as it is, byte for byte', (_, ids) => {
      const text = `\uFEFF# mine\r\nusers:\r\n    mailer:   { userName: 'mailer@example',  takeOver: [ ${one} ] }\n\n\n`;

      expect(add(text, ...ids)).toBe(text);
    });

    it('line ends, indentation and a byte order mark stay as the file has them', () => {
      const text = `\uFEFF${WRITTEN}`.replaceAll('  ', '    ').replaceAll('\n', '\r\n');

      expect(add(text, one)).toBe(text.replace('# theirs\r\n', `# theirs\r\n        takeOver: [${one}]\r\n`));
    });

    it.each(['    - a', '      - a'])('a list stays as far in as it was: %j', (item) => {
      const text = `users:\n  mailer:\n    userName: mailer@example\n    groups:\n${item}\n`;

      expect(add(text, one)).toBe(`${text}    takeOver: [${one}]\n`);
    });

    it('a file whose braces have spaces inside keeps them', () => {
      expect(add("users:\n  mailer: { userName: 'mailer@example' }\n", one)).toBe(
        `users:\n  mailer: { userName: 'mailer@example', takeOver: [ ${one} ] }\n`,
      );
    });

    const SHARED = 'users:\n  base: &base { existing: true, userName: theirs }\n';
    it.each([
      ['is an alias', 'users:\n  other: &o { existing: true, userName: mailer@example }\n  mailer: *o\n'],
      ['is what an alias stands for', 'users:\n  mailer: &m { userName: mailer@example }\n  other: *m\n'],
      ['inherits its list by a merge key', `${SHARED}  mailer: { <<: *base, userName: mailer@example }\n`],
      [
        'has the name of its user by a merge key',
        `${SHARED.replace('theirs', 'mailer@example')}  mailer: { <<: *base }\n`,
      ],
      [
        'takes over what another one does',
        'users:\n  other: { takeOver: &keys [a] }\n  mailer: { userName: mailer@example, takeOver: *keys }\n',
      ],
      [
        'has the list that another one takes over, too',
        'users:\n  mailer: { userName: mailer@example, takeOver: &keys [a] }\n  other: { takeOver: *keys }\n',
      ],
    ])('an entry that %s is refused in a sentence', (_, text) => {
      expect(() => add(text, one)).toThrow(
        /^In f the entry (mailer|other|base) has a YAML anchor, an alias or a merge key/,
      );
      expect(() => add(text, one)).toThrow(`takeOver: [${one}]`);
    });

    it('an entry that inherits all that it takes over stays as it is', () => {
      const list = `users:\n  base: &base { takeOver: [${one}] }\n  mailer: { <<: *base, userName: mailer@example }\n`;
      for (const text of [list, list.replace(`[${one}]`, 'all')]) expect(add(text, one)).toBe(text);
    });

    it('anchors and aliases elsewhere in the file stay', () => {
      const text =
        'users:\n  other: &o\n    existing: true\n  third: *o\n  mailer:\n    userName: mailer@example\n';
      expect(add(text, one)).toBe(`${text}    takeOver: [${one}]\n`);
    });

    it.each(['', 'users: []', 'a: [', 'stacks: {}'])('a file that holds %j is refused', (text) => {
      expect(() => usersIn(parseUsersFile(text), 'f.yaml')).toThrow('f.yaml is no file of users');
    });
  });
});
