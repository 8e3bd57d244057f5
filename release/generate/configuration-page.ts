import * as z from 'zod';

import { configurationSchema } from '../../modules/config/schema/configuration';
import { descriptionOf, keyOf } from '../../modules/config/schema/description';
import { rotationKeys } from '../../modules/config/schema/rotation';
import { scheduleExamples } from './schedule-examples';

const INTRODUCTION = `# Configuration

<!-- Made from the schema by \`npm run generate\`: change modules/config/schema, not this page. -->

Every key of \`rotation.yaml\`: what it means, and what is valid without it. The file is checked with the schema that this
page is made from. All mistakes in it are reported at once, each with its line, its rule, and what to write instead.
Editors complete the keys if the first line of the file names the schema, as in [rotation.yaml](../rotation.yaml).

Durations are whole numbers with their unit: \`7d\`, \`24h\`, \`30m\`. All times are in UTC. Lists and maps may use anchors
and aliases of YAML.`;

/** A map of the file. */
interface Group {
  /** `stacks.<name>.alerts`; empty: the file itself. */
  readonly path: string;
  readonly schema: z.ZodObject;
}

/** What the names in a map are that a person chooses, by the key of the map. */
const CHOSEN_NAMES: Readonly<Record<string, string>> = {
  stacks: 'name',
  shards: 'name',
  users: 'stable key',
  replicaRegions: 'region',
};

/** docs/configuration.md, in Markdown: a heading for each key. */
export function configurationPage(): string {
  const groups = withoutRepeats(groupsIn({ path: '', schema: configurationSchema }));
  const names = groups.flatMap((group) => keysOf(group).map(([name]) => name));
  const isUnique = (name: string): boolean => names.indexOf(name) === names.lastIndexOf(name);
  return [
    INTRODUCTION,
    groups.map((group) => `- [${titleOf(group)}](#${anchorOf(group.path)})`).join('\n'),
    ...groups.flatMap((group) => [
      ...groupHeading(group),
      ...keysOf(group).flatMap(([name, schema]) => [
        ...(isUnique(name) ? [] : [`<a id="${withoutNames(`${group.path || 'file'}.${name}`)}"></a>`]),
        ...keySection(name, schema, groups.find(isSame(groupAt(group.path, name, schema)))),
      ]),
    ]),
    '## How often a schedule rotates',
    scheduleExamples(),
  ].join('\n\n');
}

/** The map, then those in it, in the order of the file. */
function groupsIn(group: Group): Group[] {
  const inner = Object.entries<z.core.$ZodType>(group.schema.shape).flatMap(([name, wrapped]) => {
    const nested = groupAt(group.path, name, wrapped);
    return nested === undefined ? [] : groupsIn(nested);
  });
  return [group, ...inner];
}

/** The map that a key has as its value, as each of its values, or as each entry of its list. */
function groupAt(parent: string, name: string, wrapped: z.core.$ZodType): Group | undefined {
  const path = parent === '' ? name : `${parent}.${name}`;
  const { schema } = keyOf(wrapped);
  if (schema instanceof z.ZodObject) return { path, schema };
  if (schema instanceof z.ZodArray) {
    const { schema: element } = keyOf(schema.element);
    return element instanceof z.ZodObject ? { path: `${path}.<entry>`, schema: element } : undefined;
  }
  const entry = schema instanceof z.ZodRecord ? keyOf(schema.valueType).schema : undefined;
  if (!(entry instanceof z.ZodObject)) return undefined;
  const chosen = CHOSEN_NAMES[name];
  if (chosen === undefined) throw new TypeError(`The names in ${path} are not known here. This is a bug.`);
  return { path: `${path}.<${chosen}>`, schema: entry };
}

/** A map that is in several places is described where it is first. */
const withoutRepeats = (groups: readonly Group[]): Group[] =>
  groups.filter((group) => groups.find(isSame(group)) === group);

const isSame =
  (group: Group | undefined) =>
  ({ schema }: Group): boolean =>
    group !== undefined && Object.keys(schema.shape).join() === Object.keys(group.schema.shape).join();

/** The keys of a map. Those of its rotation, which users and `defaults` share, are described with `defaults`. */
const keysOf = ({ path, schema }: Group): [string, z.core.$ZodType][] =>
  Object.entries<z.core.$ZodType>(schema.shape).filter(
    ([name]) => path === DEFAULTS || !Object.hasOwn(rotationKeys, name),
  );

const DEFAULTS = 'defaults';

function groupHeading(group: Group): string[] {
  const { path, schema } = group;
  const heading = [`<a id="${anchorOf(path)}"></a>`, `## ${titleOf(group)}`];
  if (path === DEFAULTS)
    return [
      ...heading,
      'For all users, in `defaults`; for those of one stack, in the `defaults` of the stack; for one user, in its own entry. The nearest counts, key by key.',
    ];
  if (!path.endsWith('>')) return heading;
  const sharesKeys = Object.keys(rotationKeys).every((name) => name in schema.shape);
  const more = sharesKeys ? ` It has the keys of [defaults](#${anchorOf(DEFAULTS)}), too.` : '';
  return [...heading, linked(descriptionOf(schema).description) + more];
}

/** @param inside - the map that is the key's value, or each of its values */
function keySection(name: string, wrapped: z.core.$ZodType, inside: Group | undefined): string[] {
  const { schema, isRequired, byDefault } = keyOf(wrapped);
  const { description, type, absent } = descriptionOf(schema);
  const without = isRequired ? 'Required' : withoutIt(absent, byDefault);
  const see = inside === undefined ? '' : `, see [${titleOf(inside)}](#${anchorOf(inside.path)})`;
  return [`##### ${name}`, `${type}${see}. ${without}.`, linked(description)];
}

const titleOf = ({ path }: Group): string => (path === '' ? 'The file' : `\`${path}\``);

const withoutNames = (path: string): string => path.replaceAll(/\.?<[^<>]*>/g, '');

const anchorOf = (path: string): string => (path === '' ? 'the-file' : `keys-of-${withoutNames(path)}`);

/** From this page, which is in the same folder. */
const linked = (text: string): string => text.replaceAll(/(?<!`)docs\/([a-z-]+\.md)/g, '[docs/$1]($1)');

function withoutIt(absent: string | undefined, byDefault: unknown): string {
  if (absent !== undefined) return `Without it: ${absent}`;
  if (byDefault === undefined) return 'Optional';
  return `Default: \`${typeof byDefault === 'string' ? byDefault : JSON.stringify(byDefault)}\``;
}
