import { chooseUsers } from '../../../cli/adopt/entries';
import { forgettingIn, removedBlocks } from '../../../cli/adopt/forget';
import type { ForeignState, StateResource } from '../../../cli/adopt/state-file';
import { applyTakeOver, migrationSteps, stepsText } from '../../../cli/adopt/steps';
import { keysToTakeOver, statesToForget } from '../../../cli/adopt/take-over';
import type { Rotation } from '../../../cli/adopt/facts';
import { HOUR } from '../../../contract/instant';
import { SHORTEST_OVERLAP_TAKEN_OVER } from '../../../handlers/core/key-moves/overlap';
import { aFinding, aKey } from './support/facts';

const resource = (address: string, own: Partial<StateResource> = {}): StateResource => {
  const block = address.replaceAll(/\[[^\]]*\]/g, '');
  return {
    ...{ address, block, type: block.split('.').at(-2)!, inModule: address.startsWith('module.') },
    userNames: ['mailer'],
    ...own,
  };
};
const stateOf = (
  resources: readonly StateResource[],
  dependents: Record<string, readonly string[]> = {},
): ForeignState => ({
  resources,
  dependents: new Map(Object.entries(dependents)),
});
const forget = (state: ForeignState, whole = false) => forgettingIn(state, new Set(['mailer']), { whole });

const USER = resource('aws_iam_user.mailer');
const KEY = resource('aws_iam_access_key.mailer', { keyId: aKey().id });
const POLICY = resource('aws_iam_user_policy_attachment.mailer');

describe('what another Terraform forgets', () => {
  it('is the key alone where the user stays there', () => {
    expect(forget(stateOf([USER, KEY, POLICY]))).toMatchObject({ blocks: [KEY.block], addresses: [] });
  });

  it('is everything of the user where the user moves', () => {
    expect(forget(stateOf([USER, KEY, POLICY]), true)).toMatchObject({
      blocks: [USER.block, KEY.block, POLICY.block],
    });
  });

  it('is nothing where the state has nothing of the user', () => {
    expect(forget(stateOf([resource('aws_iam_access_key.other', { userNames: ['other'] })]))).toBeUndefined();
  });

  it('is a whole block where every instance of it is of a chosen user', () => {
    expect(
      forget(stateOf([resource('aws_iam_access_key.all["a"]'), resource('aws_iam_access_key.all["b"]')])),
    ).toMatchObject({
      blocks: ['aws_iam_access_key.all'],
    });
  });

  it('is named by its address where other instances of the block stay, or where a module has it', () => {
    const stays = resource('aws_iam_access_key.all["b"]', { userNames: ['other'] });

    expect(
      forget(
        stateOf([resource('aws_iam_access_key.all["a"]'), stays, resource('module.m.aws_iam_access_key.k')]),
      ),
    ).toMatchObject({
      blocks: [],
      addresses: ['aws_iam_access_key.all["a"]', 'module.m.aws_iam_access_key.k'],
    });
  });

  it('is not what names further users, which is told of', () => {
    const shared = resource('aws_iam_policy_attachment.p', { userNames: ['mailer', 'other'] });

    expect(forget(stateOf([KEY, shared]), true)).toMatchObject({
      blocks: [KEY.block],
      shared: [shared.address],
    });
  });

  it('comes with what refers to it and is not forgotten itself', () => {
    const state = stateOf([USER, KEY], {
      [USER.block]: [KEY.block],
      [KEY.block]: ['aws_ssm_parameter.key', 'aws_secretsmanager_secret_version.key'],
    });

    expect(forget(state, true)?.dependents).toEqual([
      'aws_secretsmanager_secret_version.key',
      'aws_ssm_parameter.key',
    ]);
  });

  it('is written as HCL that Terraform 1.7 knows', () => {
    expect(removedBlocks(['aws_iam_user.a', 'aws_iam_access_key.a'])).toBe(
      'removed {\n  from = aws_iam_user.a\n  lifecycle {\n    destroy = false\n  }\n}\n\n' +
        'removed {\n  from = aws_iam_access_key.a\n  lifecycle {\n    destroy = false\n  }\n}\n',
    );
  });
});

describe('the steps of a migration', () => {
  const findings = [aFinding(), aFinding()];
  const chosen = chooseUsers(findings, findings, { prefix: 'iam-key-rotation', taken: [] });
  const given = (file: string, ...resources: readonly StateResource[]) => [
    { file, state: stateOf(resources) },
  ];
  const steps = (file: string, ...resources: readonly StateResource[]) =>
    migrationSteps({
      ...{ file: 'users/a b.yaml', chosen, statesKnown: true, access: undefined },
      toForget: statesToForget(given(file, ...resources), ['mailer'], false),
    });

  it('begin with what must be done before anything else: a free slot, and the other Terraform', () => {
    expect(steps('other.tfstate', KEY).map(({ where }) => where)).toEqual([
      'account',
      'otherTerraform',
      'here',
      'applications',
      'here',
    ]);
  });

  it('are the same without another Terraform, but for its part', () => {
    expect(steps('other.tfstate').map(({ where }) => where)).toEqual([
      'account',
      'here',
      'applications',
      'here',
    ]);
  });

  it('name the tags that the apply would take off, before it', () => {
    const access = {
      ...{ policyArns: [], groups: [], inlinePolicies: [] },
      tags: { 'cost-center': '', team: 'mail' },
    };
    const moving = (tags: Record<string, string>) =>
      migrationSteps({
        ...{ file: 'f.yaml', chosen, statesKnown: true, toForget: [] },
        access: new Map([['mailer', { ...access, tags }]]),
      });

    const [, keep, apply] = moving(access.tags);
    expect(keep?.text.join('\n')).toMatch(/ignoreTags\.keys[\s\S]*mailer: cost-center= \(a tag's value/);
    expect(keep?.text.join('\n')).not.toContain('team');
    expect(apply?.title).toBe('Include the file and apply.');
    expect(moving({ team: 'mail' }).map(({ title }) => title)).not.toContain(keep?.title);
  });

  it('name commands that a shell takes as they are', () => {
    const text = stepsText(
      steps(
        "it's.tfstate",
        resource('aws_iam_access_key.all["a"]'),
        resource('aws_iam_access_key.all["b"]', { userNames: ['x'] }),
      ),
    );

    expect(text).toContain(`     terraform state rm 'aws_iam_access_key.all["a"]'`);
    expect(text).toContain(`adopt --take-over 'users/a b.yaml' --state 'it'\\''s.tfstate'`);
  });

  it('have the state read from the other configuration, where it came from there', () => {
    expect(stepsText(steps('-', KEY))).toContain(
      "terraform -chdir=<the other configuration> state pull | npx iam-key-rotation adopt --take-over 'users/a b.yaml' --state -",
    );
  });
});

describe('keys are taken over', () => {
  it('keys are told to be retired after the time that the product itself waits', () => {
    expect(applyTakeOver.text.join(' ')).toContain(`not before ${SHORTEST_OVERLAP_TAKEN_OVER / HOUR} hours`);
  });

  const own = aKey();
  const rotation = (more: Partial<Rotation> = {}): Rotation => ({
    ...{ stableKey: 'mailer', stack: 'p', hasCurrentKey: true, itsKeys: new Set([own.id]) },
    ...more,
  });
  const foreign = aFinding({ user: { rotation: rotation() } });
  const current = aFinding({ key: own, user: { rotation: rotation() } });
  const owning = [
    { file: 's', state: stateOf([resource('aws_iam_access_key.m', { keyId: foreign.key.id })]) },
  ];

  it('keys are taken over that the stack did not make, and no others', () => {
    expect([...keysToTakeOver([foreign, current], ['Mailer'], [])]).toEqual([['mailer', [foreign.key.id]]]);
  });

  it('keys of other users than those of the file are not taken over', () => {
    expect(keysToTakeOver([foreign], ['other'], []).size).toBe(0);
  });

  it('a key that another state owns is not taken over, and what to do there is told', () => {
    expect(() => keysToTakeOver([foreign, current], ['mailer'], owning)).toThrow(
      /nothing was written[\s\S]*aws_iam_access_key\.m[\s\S]*removed \{\n\s*from = aws_iam_access_key\.m/,
    );
  });

  it.each<[string, string, Rotation | undefined]>([
    ['a user that no stack rotates yet', 'holds no key of this stack yet', undefined],
    [
      'a user without a key in its secret',
      'holds no key of this stack yet',
      rotation({ hasCurrentKey: false }),
    ],
    [
      'a user for whom a key is just being made',
      'is not known at the moment',
      rotation({ itsKeys: undefined }),
    ],
  ])('keys of %s are not taken over', (_, message, its) => {
    expect(() => keysToTakeOver([aFinding({ user: { rotation: its } })], ['mailer'], [])).toThrow(message);
  });
});
