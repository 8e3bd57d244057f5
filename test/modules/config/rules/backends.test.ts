import { fileWithStack, itRefuses } from '../refusal';

describe('State', () => {
  itRefuses(
    'in two places',
    fileWithStack('backend:', '  s3: { bucket: tf-state, key: a, region: eu-west-1 }', '  local: {}'),
    `
rotation.yaml:5:5 stacks.production.backend
  found  s3 and local
  rule   a backend is either s3 or local
  write  one of the two; without backend the state is in a local file`,
  );

  itRefuses(
    'in none',
    fileWithStack('backend: {}'),
    `
rotation.yaml:5:5 stacks.production.backend
  found  neither
  rule   a backend is either s3 or local
  write  one of the two; without backend the state is in a local file`,
  );

  itRefuses(
    'where synth deletes it',
    fileWithStack('backend: { local: { path: ./cdktf.out/production.tfstate } }'),
    `
rotation.yaml:5:25 stacks.production.backend.local.path
  found  './cdktf.out/production.tfstate'
  rule   the state is not kept in cdktf.out, because \`cdktf synth\` deletes folders there
  write  path: terraform-state/production.tfstate`,
  );

  itRefuses(
    'of two stacks in one object',
    [
      'stacks:',
      "  a: { accountId: '111122223333', region: eu-west-1, prefix: one, users: {}, backend: &state { s3: { bucket: tf-state, key: all, region: eu-west-1 } } }",
      "  b: { accountId: '444455556666', region: eu-west-1, users: {}, backend: *state }",
      '',
    ].join('\n'),
    `
rotation.yaml:3:65 stacks.b.backend
  found  the state s3://tf-state/all, as in stacks.a
  rule   two stacks never share a state: each would destroy what the other has made
  write  key: iam-key-rotation/b.tfstate`,
  );

  itRefuses(
    'of two stacks in one file',
    [
      'stacks:',
      "  a: { accountId: '111122223333', region: eu-west-1, users: {} }",
      "  b: { accountId: '444455556666', region: eu-west-1, users: {}, backend: { local: { path: ./terraform-state//a.tfstate } } }",
      '',
    ].join('\n'),
    `
rotation.yaml:3:65 stacks.b.backend
  found  the state terraform-state/a.tfstate, as in stacks.a
  rule   two stacks never share a state: each would destroy what the other has made
  write  path: terraform-state/b.tfstate`,
  );
});
