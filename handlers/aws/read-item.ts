import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';

import { UnreadableRecordError } from '../core/model/call-errors';
import { IN_ENGLISH } from '../../contract/schema-parts';

/**
 * An item of the table as its schema gives it.
 *
 * @returns the error where it cannot be read: its fields, or a value that JavaScript has none for, such as 1E+200 (R8).
 */
export function readItem<Schema extends z.ZodMiniType>(
  itemKey: string,
  schema: Schema,
  item: Record<string, AttributeValue>,
): z.output<Schema> | UnreadableRecordError {
  let fields: unknown;
  try {
    fields = unmarshall(item);
  } catch (cause) {
    return new UnreadableRecordError(itemKey, cause instanceof Error ? cause.message : String(cause), {
      cause,
    });
  }
  const parsed = schema.safeParse(fields, IN_ENGLISH);
  return parsed.success
    ? parsed.data
    : new UnreadableRecordError(itemKey, z.prettifyError(parsed.error), { cause: parsed.error });
}
