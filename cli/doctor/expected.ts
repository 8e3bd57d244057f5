import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as z from 'zod';

import { readAppliedStack, type Wanted } from './applied-stack';
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
 * and the bucket's name holds the account's number, so hardly anybody else has it. Once there is a trail, its status tells of the bucket.
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

/** Where a stack was read: the folder in which it was synthesized, or the states that hold it, as they were named. */
export type Source = { readonly folder: string } | { readonly states: readonly string[] };

/** What the account should have: the stack as it was synthesized or applied, which is the one home of all names. */
export class Expected {
  readonly accountId: string;
  readonly region: string;
  /** What the names of the stack begin with. */
  readonly prefix: string;
  readonly users: readonly ExpectedUser[];
  readonly #byAddress: ReadonlyMap<string, Resource>;
  /** Of a state, in which references are followed. */
  readonly #byArn: ReadonlyMap<unknown, Resource>;

  constructor(
    readonly source: Source,
    readonly stack: SynthesizedStack,
  ) {
    this.accountId = stack.accountId;
    this.region = stack.region;
    this.#byAddress = new Map(stack.resources.map((resource) => [resource.address, resource]));
    this.#byArn = new Map(
      stack.resources
        // A topic's policy has the topic's ARN, too.
        .filter(({ type }) => type in NAMED_BY)
        .map((resource) => [resource.arguments['arn'], resource]),
    );
    const [table] = this.named('aws_dynamodb_table');
    if (table === undefined)
      throw new Error(`The stack in ${sourceText(source)} has no table, so it is none of this product.`);
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

  /**
   * The name of what a reference such as `${aws_sns_topic.alerts.arn}` leads to, or, in a state, the ARN of something that
   * the stack has; another text is a name itself.
   */
  nameAt(reference: string): string {
    const address = /^\$\{(\w+\.[\w-]+)\.\w+\}$/.exec(reference)?.[1];
    const target = address === undefined ? this.#byArn.get(reference) : this.#byAddress.get(address);
    if (target !== undefined) return nameOf(target);
    if (address === undefined) return reference;
    throw new Error(`The stack in ${sourceText(this.source)} refers to ${address} and does not have it.`);
  }

  /** Whether the stack makes what has this ARN; of a state alone, because before an apply nobody knows ARNs. */
  makes(arn: string): boolean {
    return this.#byArn.has(arn);
  }

  /** The hash of the code that a function should run, as Lambda gives it. Undefined: the state does not say it. */
  codeHash(resource: Resource): string | undefined {
    if ('folder' in this.source) {
      const zip = readFileSync(join(this.source.folder, text(resource, 'filename')));
      return createHash('sha256').update(zip).digest('base64');
    }
    // Terraform keeps what the module gave it, whatever the function runs since.
    const hash = resource.arguments['source_code_hash'];
    if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) return undefined;
    return Buffer.from(hash, 'hex').toString('base64');
  }
}

export const expectedOfFolder = (folder: string): Expected =>
  new Expected({ folder }, readSynthesizedStack(folder));

export const expectedOfStates = (states: readonly string[], wanted: Wanted): Expected =>
  new Expected({ states }, readAppliedStack(states, wanted));

/** As it stands in a sentence: `The stack in …`. */
const sourceText = (source: Source): string =>
  'folder' in source ? source.folder : source.states.join(' and ');

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
