import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import * as z from 'zod';

import { describedAs } from '../../../cli/help';
import { createProgram } from '../../../cli/program';
import { commandsIn, nameOf } from '../../../release/generate/commands-page';
import { documentFields } from '../../../release/generate/document-fields';

const PROJECT = resolve(__dirname, '../../..');
const page = readFileSync(resolve(PROJECT, 'docs/commands.md'), 'utf8');

it('docs/commands.md says of the commands what their help says; else run npm run generate', () => {
  const script = ['--import', 'tsx', 'release/generate/commands.ts', '--check'];
  expect(() => execFileSync(process.execPath, script, { cwd: PROJECT, stdio: 'pipe' })).not.toThrow();
});

it('docs/commands.md has a heading for each command, and each of its links leads to one', () => {
  const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
  expect(headings.toSorted()).toEqual(commandsIn(createProgram()).map(nameOf).toSorted());
  const links = [...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor);
  expect(links.toSorted()).toEqual(headings.map((heading) => heading?.replaceAll(' ', '-')).toSorted());
});

it('docs/commands.md says of every field that --json prints what it means', () => {
  const fields = commandsIn(createProgram()).flatMap((command) => {
    const document = describedAs(command)?.document;
    return document === undefined ? [] : documentFields(document);
  });
  expect(fields.length).toBeGreaterThan(10);
  expect(fields.filter(({ meaning }) => meaning.length < 3)).toEqual([]);
});

it('the fields of a document are listed with their paths, in lists, maps and alternatives', () => {
  const document = z.strictObject({
    version: z.literal(1).describe('of this document'),
    users: z
      .array(z.strictObject({ since: z.iso.datetime().optional().describe('when it began') }))
      .describe('one for each'),
    counts: z.record(z.string(), z.strictObject({ n: z.number().describe('how many') })).describe('by name'),
    end: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('done').describe('which'), at: z.iso.datetime().describe('when') }),
        z.strictObject({ kind: z.literal('open').describe('which') }),
      ])
      .describe('how it ended'),
    way: z.enum(['a', 'b']).describe('the way'),
  });
  expect(documentFields(document).map(({ path, type, meaning }) => `${path}: ${type}: ${meaning}`)).toEqual([
    'version: `1`: of this document',
    'users: list of object: one for each',
    'users[].since: moment, may be absent: when it began',
    'counts: object: by name',
    'counts.<name>.n: number: how many',
    'end: object: how it ended',
    'end.kind: `"done"`: which',
    'end.at: moment: when',
    'way: `"a"`, `"b"`: the way',
  ]);
});
