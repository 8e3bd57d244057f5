import { readYaml } from '../../../../modules/config/reading/yaml-source';
import { fileWithStack, itRefuses, problemsOf } from '../refusal';

itRefuses('an empty file', '')`
rotation.yaml:1:1
  found  an empty file
  rule   the file is a map with one or more of the keys defaults, include and stacks
  write  stacks:, and below it a stack such as production: with accountId, region and users`;

itRefuses('a file of comments', '# nothing yet\n')`
rotation.yaml:1:1
  found  an empty file
  rule   the file is a map with one or more of the keys defaults, include and stacks
  write  stacks:, and below it a stack such as production: with accountId, region and users`;

itRefuses('a list', '- stacks\n')`
rotation.yaml:1:1
  found  a list of 1 entry
  rule   the file is a map with one or more of the keys defaults, include and stacks
  write  stacks:, and below it a stack such as production: with accountId, region and users`;

it('a text that is no configuration is shown without the characters that a terminal obeys', () => {
  const shown = problemsOf(fileWithStack('prefix: "a\\e[2J\\nb\\u202e"', '"\\e[31mred": 1'));

  expect(shown).toContain(String.raw`found  'a\u{1b}[2J\u{a}b\u{202e}'`);
  expect(shown).toContain(String.raw`the unknown key '\u{1b}[31mred'`);
  expect(shown).toMatch(/^[^\p{Cc}]*$/mu);
});

itRefuses('a bracket that is never closed', 'stacks: { a: [\n')`
rotation.yaml:2:1
  found  the end of the file
  rule   the file is YAML: Flow sequence in block collection must be sufficiently indented and end with a ]
  write  the bracket that closes what was opened further up

rotation.yaml:2:1
  found  the end of the file
  rule   the file is YAML: Flow map in block collection must be sufficiently indented and end with a }
  write  the bracket that closes what was opened further up`;

itRefuses('a missing quote', ['stacks:', '  a:', '    region: "eu-west-1', ''].join('\n'))`
rotation.yaml:4:1
  found  the end of the file
  rule   the file is YAML: Missing closing "quote
  write  valid YAML: look for a missing quote, bracket, colon or space, here or just above`;

itRefuses('tabs for indentation', ['stacks:', '	a: {}', ''].join('\n'))`
rotation.yaml:2:1
  found  a: {}
  rule   the file is YAML: Tabs are not allowed as indentation
  write  spaces for indentation: YAML takes no tabs`;

itRefuses('wrong indentation', ['stacks:', '  a:', '    region: eu-west-1', '   users: {}', ''].join('\n'))`
rotation.yaml:4:1
  found  users: {}
  rule   the file is YAML: All mapping items must start at the same column
  write  two spaces of indentation for each level, one key with its value on each line`;

itRefuses('two documents', ['stacks: {}', '---', 'stacks: {}', ''].join('\n'))`
rotation.yaml:2:1
  found  ---
  rule   the file is a single YAML document
  write  one document: remove the line '---' and what belongs to another file`;

itRefuses('an unknown tag', 'stacks: !include stacks.yaml\n')`
rotation.yaml:1:1 stacks
  found  'stacks.yaml'
  rule   stacks is a map of one or more stacks
  write  stacks:, and below it a stack such as production: with accountId, region and users

rotation.yaml:1:9
  found  stacks: !include stacks.yaml
  rule   the file is YAML: Unresolved tag: !include
  write  the value without the tag (the word that begins with !)`;

itRefuses('an alias without an anchor', 'stacks: *all\n')`
rotation.yaml:1:9 stacks
  found  *all
  rule   an alias needs an anchor further up, and there is no &all
  write  &all before the value that is meant, or the value itself`;

itRefuses('an alias inside of what it stands for', 'stacks: &all { a: { b: *all } }\n')`
rotation.yaml:1:24 stacks.a.b
  found  *all
  rule   an alias does not stand inside the value that it stands for, &all
  write  the value itself`;

itRefuses('a merge key that merges no map', 'stacks:\n  <<: [{}, production]\n')`
rotation.yaml:2:3 stacks["<<"]
  found  a list of 2 entries
  rule   << brings in the keys of a map, or of several
  write  <<: *name, where &name stands before a map further up`;

itRefuses('a map as a key', ['? { a: 1 }', ': b', ''].join('\n'))`
rotation.yaml:1:3
  found  ? { a: 1 }
  rule   every key is a text
  write  a plain word as the key, in quotes if it looks like a number`;

itRefuses(
  'a second entry of a key',
  [
    'stacks:',
    '  a:',
    "    accountId: '111122223333'",
    '    region: eu-west-1',
    '    users: {}',
    '    region: us-east-1',
    '',
  ].join('\n'),
)`
rotation.yaml:6:5 stacks.a.region
  found  a second entry of this key
  rule   a key stands only once in a map, and line 4 has it already
  write  one of the two entries, or another name for one of them`;

it('lists in lists in lists, without end, are refused', () => {
  expect(readYaml('- '.repeat(5_000)).problems[0]).toMatchObject({
    rule: 'lists and maps are some levels deep: a configuration has 8',
    write: 'fewer levels',
  });
});
