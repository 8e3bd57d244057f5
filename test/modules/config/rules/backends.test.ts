import { parseConfiguration } from '../../../../modules/config/parse-configuration';
import { fileWithStack, fileWithStacks, itRefuses, itRefusesOfStack } from '../refusal';

itRefuses(
  'state in two places',
  fileWithStack('backend:', '  s3: { bucket: tf-state, key: a, region: eu-west-1 }', '  local: {}'),
)`
rotation.yaml:5:5 stacks.production.backend
  found  s3 and local
  rule   a backend is one of s3, http, cloud, local and none
  write  one of them; without backend the state is in a local file`;

itRefusesOfStack('state in none', 'backend: {}')`
  found  none
  rule   a backend is one of s3, http, cloud, local and none
  write  one of them; without backend the state is in a local file`;

itRefuses(
  'state where synth deletes it',
  fileWithStack('backend: { local: { path: ./cdktf.out/production.tfstate } }'),
)`
rotation.yaml:5:25 stacks.production.backend.local.path
  found  './cdktf.out/production.tfstate'
  rule   the state is not kept in cdktf.out, because \`cdktf synth\` deletes folders there
  write  path: terraform-state/production.tfstate`;

itRefuses(
  'state of two stacks in one object',
  fileWithStacks(
    "a: { accountId: '111122223333', region: eu-west-1, prefix: one, users: {}, backend: &state { s3: { bucket: tf-state, key: all, region: eu-west-1 } } }",
    "b: { accountId: '444455556666', region: eu-west-1, users: {}, backend: *state }",
  ),
)`
rotation.yaml:3:65 stacks.b.backend
  found  the state s3://tf-state/all, as in stacks.a
  rule   two stacks never share a state: each would destroy what the other has made
  write  key: iam-key-rotation/b.tfstate`;

itRefuses(
  'state of two stacks in one file',
  fileWithStacks(
    "a: { accountId: '111122223333', region: eu-west-1, users: {} }",
    "b: { accountId: '444455556666', region: eu-west-1, users: {}, backend: { local: { path: ./terraform-state//a.tfstate } } }",
  ),
)`
rotation.yaml:3:65 stacks.b.backend
  found  the state terraform-state/a.tfstate, as in stacks.a
  rule   two stacks never share a state: each would destroy what the other has made
  write  path: terraform-state/b.tfstate`;

const http = (...lines: string[]): string =>
  fileWithStack('backend:', '  http:', ...lines.map((line) => `    ${line}`));

it('state behind an HTTP address is as it is written, locked at its own address', () => {
  const [stack] = parseConfiguration(
    'rotation.yaml',
    http('address: https://example.com/state/a', 'lockAddress: https://example.com/state/a/lock'),
  ).stacks;
  expect(stack?.backend).toEqual({
    kind: 'http',
    address: 'https://example.com/state/a',
    updateMethod: 'POST',
    lock: {
      address: 'https://example.com/state/a/lock',
      method: 'LOCK',
      unlockAddress: 'https://example.com/state/a/lock',
      unlockMethod: 'UNLOCK',
    },
  });
});

itRefuses(
  'state with a password in its address, and does not show it',
  http('address: https://ci:s3cret@example.com/state/a'),
)`
rotation.yaml:7:9 stacks.production.backend.http.address
  found  an address with a user name, a password, a query or a fragment, which is not shown
  rule   no credentials in this file: they would be in the synthesized Terraform, too
  write  the bare address; user name and password in the environment of Terraform, as TF_HTTP_USERNAME and TF_HTTP_PASSWORD`;

itRefuses(
  'state with a token in its address, and does not show it',
  http('address: https://example.com/state/a', 'lockAddress: https://example.com/lock?token=s3cret'),
)`
rotation.yaml:8:9 stacks.production.backend.http.lockAddress
  found  an address with a user name, a password, a query or a fragment, which is not shown
  rule   no credentials in this file: they would be in the synthesized Terraform, too
  write  the bare address; user name and password in the environment of Terraform, as TF_HTTP_USERNAME and TF_HTTP_PASSWORD`;

itRefuses(
  'state with an address that is none, and does not show it either',
  http('address: ci:s3cret@example.com'),
)`
rotation.yaml:7:9 stacks.production.backend.http.address
  found  a value that is not shown: it may hold a secret
  rule   an address begins with https:// (or http://) and has visible characters without spaces
  write  address: https://gitlab.example.com/api/v4/projects/42/terraform/state/production`;

itRefuses(
  'state with a password beside its address',
  http('address: https://example.com/state/a', 'password: s3cret'),
)`
rotation.yaml:8:9 stacks.production.backend.http.password
  found  the unknown key 'password'
  rule   the keys here are address, lockAddress, unlockAddress, updateMethod, lockMethod, unlockMethod
  write  no credentials in this file: they belong into the environment of Terraform, see docs/accounts.md`;

itRefuses(
  'state that is to be unlocked and not locked',
  http('address: https://example.com/state/a', 'unlockMethod: DELETE'),
)`
rotation.yaml:8:9 stacks.production.backend.http.unlockMethod
  found  'DELETE'
  rule   without lockAddress the state is not locked
  write  lockAddress: <address>/lock beside it, or no unlockMethod`;

it('state at HCP Terraform is in a workspace of its own, of a shard in one beside it', () => {
  const { stacks } = parseConfiguration(
    'rotation.yaml',
    fileWithStack(
      'backend: { cloud: { organization: example, workspace: keys } }',
      'shards: { one: { users: { a: {} } }, two: { users: { b: {} } } }',
    ).replace('    users: {}\n', ''),
  );

  expect(stacks.map(({ backend }) => backend)).toEqual(
    ['keys-one', 'keys-two'].map((workspace) => ({
      ...{ kind: 'cloud', hostname: 'app.terraform.io' },
      ...{ organization: 'example', workspace },
    })),
  );
});

it('state may be said by whoever runs Terraform, with none', () => {
  const { stacks } = parseConfiguration('rotation.yaml', fileWithStack('backend: { none: {} }'));

  expect(stacks[0]?.backend).toEqual({ kind: 'none' });
});
