import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from '@cdktf/hcl2json';
import * as z from 'zod';

import { choice, flag, list, map, mapOf, text, wholeNumber } from '../../../modules/config/schema/builders';
import { described } from '../../../modules/config/schema/description';
import {
  betweenComments,
  MADE_OF_TARGETS,
  storedTargets,
  targetRules,
  targetTypes,
  withTargets,
} from '../../../release/generate/terraform-targets';

const FOLDER = join(__dirname, '../../../release/terraform');

it.each(Object.keys(MADE_OF_TARGETS))(
  '%s has the targets of the schema; else run npm run generate',
  (file) => {
    const written = readFileSync(join(FOLDER, file), 'utf8');
    expect(withTargets(file, written)).toBe(written);
  },
);

/** A kind of target that is not there, with all that a kind may be made of. */
const about = { description: 'Something.' };
const word = text(/^[a-z]+$/, { ...about, rule: 'a word has letters', example: 'word' });
const TARGETS = list(
  map(
    {
      webHook: map(
        {
          hostName: word,
          always: flag(about).default(false),
          port: wholeNumber({ ...about, from: 1, to: 65_535 }).optional(),
          tags: list(word, { ...about, of: 'words', max: 3, example: '[word]' }).optional(),
          parts: mapOf(choice(['one', 'two'], about), {
            ...about,
            of: 'parts',
            keys: /^[A-Z]+$/,
            example: '{ A: one }',
          }),
          login: map({ userName: word }, about).optional(),
          sentText: described(z.unknown(), {
            ...about,
            type: 'Map, or text',
            rule: () => '',
            write: () => '',
          }),
        },
        about,
      ).optional(),
    },
    { ...about, rule: 'a target is a map with one key' },
  ),
  { ...about, of: 'targets', max: 2, example: '[]' },
);
const STORED = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('webHook'),
    hostName: z.string(),
    always: z.boolean(),
    port: z.number().optional(),
    tags: z.array(z.string()).optional(),
    parts: z.record(z.string(), z.string()),
    login: z.object({ userName: z.string() }).optional(),
    sentText: z.strictObject({ format: z.string(), template: z.string() }),
  }),
]);

it('a kind of target that is added to the schema has a type in HCL, with the names of HCL', () => {
  expect(targetTypes(TARGETS)).toEqual([
    'web_hook = optional(object({ host_name = string, always = optional(bool, false), port = optional(number), tags = optional(list(string)), parts = map(string), login = optional(object({ user_name = string })), json_sent_text = optional(string), text_sent_text = optional(string) }))',
  ]);
});

it('a kind of target that is added to the schema has its rules in HCL', async () => {
  const rules = targetRules(TARGETS).join('\n');
  // It can be read.
  await parse('rules.tf', `variable "deliver" {\n${rules}\n}\n`);
  for (const condition of [
    'length(var.deliver) <= 2',
    'can(regex("^[a-z]+$", target.web_hook.host_name))',
    'floor(target.web_hook.port) == target.web_hook.port &&',
    'target.web_hook.port <= 65535',
    'length(target.web_hook.tags) <= 3 &&',
    'alltrue([for one in target.web_hook.tags : can(regex("^[a-z]+$", one))])',
    'alltrue([for name in keys(target.web_hook.parts) : can(regex("^[A-Z]+$", name))]) &&',
    'alltrue([for one in values(target.web_hook.parts) : contains(["one", "two"], one)])',
    'if try(target.web_hook.login.user_name, null) != null',
    'error_message = "A word has letters. Write: user_name = \\"word\\"."',
    'Write: parts = { A = \\"one\\" }.',
  ]) {
    expect(rules).toContain(condition);
  }
});

it('a kind of target that is added to the settings is stored with the names of the settings', async () => {
  const stored = storedTargets(STORED, TARGETS);
  await parse('stored.tf', `locals {\n${stored.join('\n')}\n}\n`);
  expect(stored.map((line) => line.trim())).toEqual(
    expect.arrayContaining([
      'kind     = { S = "webHook" }',
      'hostName = { S = place.host_name }',
      'always   = { BOOL = place.always }',
      'port     = try(place.port, null) == null ? null : { N = tostring(place.port) }',
      'tags     = try(place.tags, null) == null ? null : { L = [for one in place.tags : { S = one }] }',
      'sentText = { M = { format = { S = place.json_sent_text == null ? "text" : "json" }, template = { S = place.json_sent_text == null ? place.text_sent_text : jsonencode(jsondecode(place.json_sent_text)) } } }',
      'parts    = { M = { for one, value_of_one in place.parts : one => { S = value_of_one } } }',
    ]),
  );
});

it('a kind of target that people cannot write is refused', () => {
  const other = z.discriminatedUnion('kind', [z.object({ kind: z.literal('other') })]);
  expect(() => storedTargets(other, TARGETS)).toThrow('The settings have other of a target');
});

it('lines between two comments are as far to the right as these', () => {
  expect(betweenComments('{\n  # a:start\n  old\n  # a:end\n}\n', 'a', ['one', '', 'two'])).toBe(
    '{\n  # a:start\n  one\n\n  two\n  # a:end\n}\n',
  );
  expect(() => betweenComments('# b:start', 'a', [])).toThrow('# a:start and # a:end');
});
