import * as z from 'zod';

import { alertsSchema } from '../../modules/config/schema/alerts';
import { configurationSchema } from '../../modules/config/schema/configuration';
import { rotationKeys } from '../../modules/config/schema/rotation';
import { shardSchema } from '../../modules/config/schema/shards';
import { metricsSchema, stackSchema } from '../../modules/config/schema/stack';
import { userSchema } from '../../modules/config/schema/user';
import { httpBackendSchema, localBackendSchema, s3BackendSchema } from '../../modules/config/schema/backend';
import { scheduleExamples } from './schedule-examples';

type Keys = Readonly<Record<string, z.core.$ZodType>>;

/** The README's section about `rotation.yaml`, in Markdown. */
export function configurationTable(): string {
  return [
    'The file',
    keyTable(configurationSchema.shape),
    '`stacks.<name>`: one Terraform stack',
    keyTable(stackSchema.shape),
    '`stacks.<name>.backend.s3`',
    keyTable(s3BackendSchema.shape),
    '`stacks.<name>.backend.http`',
    keyTable(httpBackendSchema.shape),
    '`stacks.<name>.backend.local`',
    keyTable(localBackendSchema.shape),
    '`stacks.<name>.metrics`',
    keyTable(metricsSchema.shape),
    '`stacks.<name>.alerts`',
    keyTable(alertsSchema.shape),
    '`stacks.<name>.shards.<name>`: a part of a large stack',
    keyTable(shardSchema.shape),
    '`stacks.<name>.users.<stable key>`: a rotated user',
    keyTable(withoutKeysOf(userSchema.shape, rotationKeys)),
    '`defaults`, and every user',
    keyTable(rotationKeys),
    'What a schedule comes to',
    scheduleExamples(),
  ]
    .map((part) => (/^[|]/.test(part) ? part : `**${part}**`))
    .join('\n\n');
}

function keyTable(keys: Keys): string {
  const rows = Object.entries(keys).map(([key, schema]) => {
    if (!(schema instanceof z.ZodOptional)) return row(key, schema, 'required');
    const inner = schema.unwrap();
    const meta = z.globalRegistry.get(inner);
    const fallback =
      meta?.['default'] === undefined ? words(meta?.['absent']) : `\`${words(meta['default'])}\``;
    return row(key, inner, fallback);
  });
  return ['| key | what it says | without it |', '| --- | --- | --- |', ...rows].join('\n');
}

function row(key: string, schema: z.core.$ZodType, without: string): string {
  return `| \`${key}\` | ${words(z.globalRegistry.get(schema)?.description)} | ${without} |`;
}

function words(value: unknown): string {
  if (typeof value === 'string') return value.replaceAll('|', '\\|');
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TypeError('A key of the schema has no description or no default. This is a bug.');
}

const withoutKeysOf = (keys: Keys, others: Keys): Keys =>
  Object.fromEntries(Object.entries(keys).filter(([key]) => !(key in others)));
