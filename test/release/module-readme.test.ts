import { join } from 'node:path';

import { readDeclarations } from '../../release/hcl-module';
import { moduleReadme } from '../../release/module-readme';

const FOLDER = join(__dirname, '../../release/terraform');

it('the README of the base names what only the modules of the users need in one sentence, and all else in a table', async () => {
  const declarations = await readDeclarations(join(FOLDER, 'base'));
  const [, outputs = ''] = moduleReadme('base', declarations).split('## Outputs');
  const rows = [...outputs.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  const [, sentence = ''] = outputs.split('`base = module.base`.');
  const handedOn = [...sentence.matchAll(/`(\w+)`/g)].map(([, name]) => name);

  expect(rows).toEqual([
    'table_name',
    'table_arn',
    'retirement_function_name',
    'retirement_failures_url',
    'alerts_topic_arn',
  ]);
  expect([...rows, ...handedOn]).toEqual([...declarations.outputs.keys()]);
});

it('the README of a user says in one line what may be written for targets', async () => {
  const text = moduleReadme('rotated-user', await readDeclarations(join(FOLDER, 'rotated-user')));

  expect(text).toMatch(
    /`list\(object\(\{ secret = optional\(object\(\{ id = string, fields = map\(string\), kms_key_arn = optional\(string\) \}\)\), parameter = .* \}\)\)`/,
  );
});

it('the README of key-delivery says that it takes what others hand on', async () => {
  const text = moduleReadme('key-delivery', await readDeclarations(join(FOLDER, 'key-delivery')));

  expect(text).toContain('| outputs `delivery` of users | required |');
});

it('the README of a user has all outputs in a table', async () => {
  const declarations = await readDeclarations(join(FOLDER, 'rotated-user'));
  const [, outputs = ''] = moduleReadme('rotated-user', declarations).split('## Outputs');

  expect(outputs.match(/^\| `\w+`/gm)).toHaveLength(declarations.outputs.size);
  expect(outputs).not.toContain('Nobody else needs');
});
