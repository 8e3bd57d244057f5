import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as z from 'zod';

import {
  readSynthesizedStack,
  type Resource,
  type SynthesizedStack,
} from '../import-blocks/synthesized-stack';

/** What is called something on AWS, and where Terraform has it. */
export interface Named {
  readonly address: string;
  readonly name: string;
}

export interface ExpectedUser {
  readonly stableKey: string;
  readonly userName: string;
  readonly secretName: string;
}

/**
 * What is looked up by its name, and which argument holds that. The bucket of a trail is not: the command line has no client for S3,
 * and the bucket's name holds the account's number, so hardly anybody else has it.
 */
export const NAMED_BY = {
  aws_cloudtrail: 'name',
  aws_cloudwatch_dashboard: 'dashboard_name',
  aws_cloudwatch_event_rule: 'name',
  aws_cloudwatch_log_group: 'name',
  aws_cloudwatch_metric_alarm: 'alarm_name',
  aws_dynamodb_table: 'name',
  aws_iam_role: 'name',
  aws_iam_user: 'name',
  aws_lambda_function: 'function_name',
  aws_scheduler_schedule: 'name',
  aws_secretsmanager_secret: 'name',
  aws_sns_topic: 'name',
  aws_sqs_queue: 'name',
} as const;

export type NamedType = keyof typeof NAMED_BY;

const settingsItem = z.object({
  stableKey: z.object({ S: z.string() }),
  userName: z.object({ S: z.string() }),
  secretArn: z.object({ S: z.string() }),
});

/** What the account should have: the stack as it was synthesized, which is the one home of all names. */
export class Expected {
  readonly accountId: string;
  readonly region: string;
  /** What the names of the stack begin with. */
  readonly prefix: string;
  readonly users: readonly ExpectedUser[];
  readonly #byAddress: ReadonlyMap<string, Resource>;

  constructor(
    readonly folder: string,
    readonly stack: SynthesizedStack = readSynthesizedStack(folder),
  ) {
    this.accountId = stack.accountId;
    this.region = stack.region;
    this.#byAddress = new Map(stack.resources.map((resource) => [resource.address, resource]));
    const [table] = this.named('aws_dynamodb_table');
    if (table === undefined)
      throw new Error(`The stack in ${folder} has no table, so it is none of this product.`);
    this.prefix = table.name;
    this.users = this.of('aws_dynamodb_table_item').map((resource) => {
      const item = settingsItem.parse(JSON.parse(text(resource, 'item')));
      return {
        stableKey: item.stableKey.S,
        userName: item.userName.S,
        secretName: this.nameAt(item.secretArn.S),
      };
    });
  }

  of(type: string): readonly Resource[] {
    return this.stack.resources.filter((resource) => resource.type === type);
  }

  /** All resources of a type, each with its name on AWS. */
  named(type: NamedType): readonly Named[] {
    return this.of(type).map((resource) => ({ address: resource.address, name: nameOf(resource) }));
  }

  /** The name of what a reference such as `${aws_sns_topic.alerts.arn}` leads to; another text is a name itself. */
  nameAt(reference: string): string {
    const address = /^\$\{(\w+\.[\w-]+)\.\w+\}$/.exec(reference)?.[1];
    if (address === undefined) return reference;
    const target = this.#byAddress.get(address);
    if (target === undefined)
      throw new Error(`The stack in ${this.folder} refers to ${address} and does not have it.`);
    return nameOf(target);
  }

  /** The hash of the code that a function should run, as Lambda gives it. */
  codeHash(resource: Resource): string {
    return createHash('sha256')
      .update(readFileSync(join(this.folder, text(resource, 'filename'))))
      .digest('base64');
  }
}

/** @throws Error for a resource that is not looked up by a name */
export function nameOf(resource: Resource): string {
  const argument = Object.entries(NAMED_BY).find(([type]) => type === resource.type)?.[1];
  if (argument === undefined) throw new Error(`${resource.address} is not looked up by a name.`);
  return text(resource, argument);
}

/** An argument that the stack writes out; of a `for_each`, that of the instance. */
export function text({ address, arguments: own, each }: Resource, argument: string): string {
  const found = own[argument];
  if (typeof found !== 'string')
    throw new Error(`${address} has no \`${argument}\` that is written out in the stack.`);
  if (each !== undefined && found === '${each.value}') return each.value;
  if (each !== undefined && found === '${each.key}') return each.key;
  return found;
}
