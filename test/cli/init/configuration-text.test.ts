import fc from 'fast-check';

import { checkText, configurationText } from '../../../cli/init/configuration-text';

const SMALLEST = {
  accountId: '111122223333',
  region: 'eu-west-1',
  emails: ['oncall@example.com'],
  users: [{ userName: 'ci-deployer', exists: false }],
};

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html */
const userName = fc.stringMatching(/^[\w+=,.@-]{1,64}$/).filter((name) => !name.includes(','));

describe('the configuration that init writes', () => {
  it('is one that the product takes without a warning', () => {
    const { stacks, warnings } = checkText('rotation.yaml', configurationText(SMALLEST));

    expect(warnings).toEqual([]);
    expect(stacks[0]).toMatchObject({
      accountId: '111122223333',
      region: 'eu-west-1',
      alerts: { emails: ['oncall@example.com'] },
      users: [{ key: 'ci-deployer', userName: 'ci-deployer', existing: false }],
    });
  });

  it('names a user as IAM does, whatever its name is, and each once', () => {
    // IAM's own names are unique without regard to case.
    const names = fc.uniqueArray(fc.oneof(userName, fc.constantFrom('retire', 'Rotate', 'constructor')), {
      minLength: 1,
      maxLength: 12,
      selector: (name) => name.toLowerCase(),
    });
    fc.assert(
      fc.property(names, fc.boolean(), (users, exists) => {
        const text = configurationText({
          ...SMALLEST,
          users: users.map((name) => ({ userName: name, exists })),
        });

        const { stacks, warnings } = checkText('rotation.yaml', text);

        expect(warnings).toEqual([]);
        expect(stacks[0]!.users.map((user) => [user.userName, user.existing])).toEqual(
          users.map((name) => [name, exists]),
        );
      }),
    );
  });

  it('gives a user the stable key that a refusal of the configuration would suggest', () => {
    const text = configurationText({
      ...SMALLEST,
      users: [
        { userName: '1st', exists: true },
        { userName: 'retire', exists: true },
      ],
    });

    expect(checkText('rotation.yaml', text).stacks[0]!.users.map(({ key }) => key)).toEqual([
      '_1st',
      'retire_user',
    ]);
  });

  it('has words that YAML takes for something else as texts', () => {
    const words = ['null', 'true', '~', '12', '1e3', '0x1F', 'yes', '-', '=', '<<', '@'];
    const users = words
      .filter((word) => word !== '~' && word !== '<<')
      .map((name) => ({ userName: name, exists: true }));

    const { stacks } = checkText('rotation.yaml', configurationText({ ...SMALLEST, users }));

    expect(stacks[0]!.users.map((user) => user.userName)).toEqual(users.map((user) => user.userName));
  });

  it('has one function for all users where there are many of them', () => {
    const users = Array.from({ length: 500 }, (_, at) => ({ userName: `user-${at}`, exists: false }));

    const { stacks, warnings } = checkText('rotation.yaml', configurationText({ ...SMALLEST, users }));

    expect(warnings).toEqual([]);
    expect(stacks[0]!.functions).toBe('shared');
  });

  it('tells editors where the schema is', () => {
    expect(configurationText(SMALLEST, './rotation.schema.json')).toMatch(
      /^# yaml-language-server: \$schema=\.\/rotation\.schema\.json\n/,
    );
  });
});
