import * as z from 'zod';

import { TABLE_PARTITION_KEY } from '../../contract/table';
import type { Remedies } from '../check-plan/plan-text';
import type { Resource, SynthesizedStack } from '../import-blocks/synthesized-stack';
import { readInstances, type StateInstance } from '../terraform-state';

/** Which stack of a state is meant, where it holds several. */
export interface Wanted {
  readonly prefix?: string | undefined;
  readonly region?: string | undefined;
}

const HOW_TO_MAKE_ONE =
  'In the folder of that configuration: terraform show -json | npx iam-key-rotation doctor --state -';

const REMEDIES: Remedies = {
  howToMakeOne: HOW_TO_MAKE_ONE,
  howToShorten:
    'Leave out what is not of AWS: terraform state pull | jq -c \'.resources |= map(select(.type | startswith("aws_")))\'',
};

/** A stack's table as the state has it, and where the rest of the stack is. */
interface Table {
  readonly prefix: string;
  readonly region: string;
  readonly accountId: string;
  readonly home: string;
}

/** An instance, and the module of one of the states that holds it. */
interface Housed {
  readonly instance: StateInstance;
  readonly home: string;
}

const tableSchema = z.object({
  name: z.string(),
  arn: z.string(),
  hash_key: z.literal(TABLE_PARTITION_KEY),
});

const itemSchema = z.object({ table_name: z.string(), item: z.string() });
const settingsSchema = z.object({ secretArn: z.object({ S: z.string() }) });

/**
 * A stack as it was applied, by the states that hold it. What the configuration says and was never applied is in no state.
 * A stack is what stands beside its table and beside its users' settings, in the same modules.
 *
 * @param files what `terraform show -json` or `terraform state pull` prints; `-` reads standard input
 * @throws Error if one is no state, or if they hold no stack of this product, a part of one, or several that are meant
 */
export function readAppliedStack(files: readonly string[], wanted: Wanted): SynthesizedStack {
  const all = files.flatMap((file, at) =>
    readInstances(file, REMEDIES)
      .filter(({ isDeposed }) => !isDeposed)
      .map((instance): Housed => ({ instance, home: `${at} ${instance.module ?? ''}` })),
  );
  const table = chosen(all.flatMap(tableIn), wanted, { all, files });
  const homes = new Set([table.home, ...all.filter(isSettingsOf(table)).map(({ home }) => home)]);
  return {
    accountId: table.accountId,
    region: table.region,
    resources: all
      .filter((one) => homes.has(one.home) && !isOfAnother(one, table))
      .map(({ instance }) => resourceOf(instance, table.region)),
  };
}

function tableIn({ instance: { type, name, values }, home }: Housed): readonly Table[] {
  if (type !== 'aws_dynamodb_table' || name !== 'journal') return [];
  const parsed = tableSchema.safeParse(values);
  if (!parsed.success) return [];
  const [, , , region = '', accountId = ''] = parsed.data.arn.split(':');
  return [{ prefix: parsed.data.name, region, accountId, home }];
}

/** The settings of a user name its secret, which is where the user's table is. */
const isSettingsOf =
  ({ prefix, region, accountId }: Table) =>
  ({ instance }: Housed): boolean => {
    const place = placeOfSettings(instance);
    return place?.prefix === prefix && place.region === region && place.accountId === accountId;
  };

function placeOfSettings({ type, values }: StateInstance): Omit<Table, 'home'> | undefined {
  if (type !== 'aws_dynamodb_table_item') return undefined;
  const item = itemSchema.safeParse(values);
  if (!item.success) return undefined;
  const settings = settingsSchema.safeParse(JSON.parse(item.data.item));
  if (!settings.success) return undefined;
  const [, , , region = '', accountId = ''] = settings.data.secretArn.S.split(':');
  return { prefix: item.data.table_name, region, accountId };
}

/** Another table, or an item of one, that somebody keeps beside the stack's. */
const isOfAnother = (one: Housed, table: Table): boolean =>
  (one.instance.type === 'aws_dynamodb_table' &&
    !tableIn(one).some(({ prefix }) => prefix === table.prefix)) ||
  (one.instance.type === 'aws_dynamodb_table_item' && !isSettingsOf(table)(one));

function resourceOf({ type, name, address, values }: StateInstance, usual: string): Resource {
  const [, , , region = ''] = typeof values['arn'] === 'string' ? values['arn'].split(':') : [];
  // What is of the whole account has none in its ARN.
  return { type, name, address, region: region === '' ? usual : region, arguments: values };
}

function chosen(
  tables: readonly Table[],
  { prefix, region }: Wanted,
  { all, files }: { readonly all: readonly Housed[]; readonly files: readonly string[] },
): Table {
  const given = files.join(' and ');
  if (tables.length === 0) throw noTable(all, given);
  const meant = tables.filter(
    (one) => (prefix ?? one.prefix) === one.prefix && (region ?? one.region) === one.region,
  );
  const [only, ...others] = meant;
  const list = tables.map((one) => `${one.prefix} (${one.region}, account ${one.accountId})`).join(', ');
  if (only === undefined) {
    throw new Error(`${given} does not hold the stack that --prefix or --region names. There are: ${list}.`);
  }
  if (others.length === 0) return only;
  throw new Error(
    `${given} holds several stacks: ${list}. Name one with --prefix, and where two have the same, its region with --region.`,
  );
}

function noTable(all: readonly Housed[], given: string): Error {
  const places = all.map(({ instance }) => placeOfSettings(instance)?.prefix);
  const [prefix] = places.filter((one) => one !== undefined);
  return new Error(
    prefix === undefined
      ? `${given} holds no stack of this product: neither the module base, nor a stack that rotation.yaml describes. Give the state of the configuration that has it. ${HOW_TO_MAKE_ONE}`
      : `${given} holds users of the stack ${prefix}, and not its table: the module base is in another state. Give that one, too, with one more --state.`,
  );
}
