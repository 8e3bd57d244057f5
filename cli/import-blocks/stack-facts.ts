import * as z from 'zod';

import type { AwsLookUps } from './aws-look-ups';
import { IMPORT_RULES, type Importable, type ImportRule, type ResourceFacts } from './import-ids';
import type { Resource, SynthesizedStack } from './synthesized-stack';

/** A resource refers to another one that is not in AWS, so it cannot be there itself. */
export class MissingInAwsError extends Error {
  override readonly name = 'MissingInAwsError';
}

/** Follows the references of a synthesized stack, as far as import ids need them. */
export class StackFacts {
  readonly #aws = new Map<string, AwsLookUps>();
  readonly #importIds = new Map<string, Promise<string | undefined>>();

  constructor(
    private readonly stack: SynthesizedStack,
    private readonly partition: string,
    private readonly awsIn: (region: string) => AwsLookUps,
  ) {}

  /** Undefined: AWS has no such thing. @throws Error for a type that cannot be imported */
  importId(resource: Resource): Promise<string | undefined> {
    const known = this.#importIds.get(resource.address);
    if (known !== undefined) return known;
    const { importId } = importableRule(resource);
    const found = importId(this.#factsOf(resource));
    this.#importIds.set(resource.address, found);
    return found;
  }

  /** An argument with its references followed. @throws Error if the stack does not write it out */
  async text(resource: Resource, argument: string): Promise<string> {
    const text = resource.arguments[argument];
    if (typeof text !== 'string') throw notWrittenOut(resource, argument);
    return this.resolve(resource, text);
  }

  /** The same for an argument that is a list of texts. */
  async texts(resource: Resource, argument: string): Promise<readonly string[]> {
    const texts = z.array(z.string()).safeParse(resource.arguments[argument]);
    if (!texts.success) throw notWrittenOut(resource, argument);
    return Promise.all(texts.data.map((text) => this.resolve(resource, text)));
  }

  /** Follows `${type.name.attribute}`, and undoes Terraform's escapes `$${` and `%%{`. */
  async resolve(resource: Resource, text: string): Promise<string> {
    const parts = text.split(/(\$\$\{|%%\{|\$\{[^${}]*\})/);
    const resolved = await Promise.all(
      parts.map(async (part) => {
        if (part === '$${' || part === '%%{') return part.slice(1);
        return part.startsWith('${') ? this.#follow(resource, part.slice(2, -1).trim()) : part;
      }),
    );
    return resolved.join('');
  }

  async #follow(from: Resource, expression: string): Promise<string> {
    if (from.each !== undefined && expression === 'each.key') return from.each.key;
    if (from.each !== undefined && expression === 'each.value') return from.each.value;
    const [, address, attribute] = /^(\w+\.[\w-]+)\.(\w+)$/.exec(expression) ?? [];
    const target = this.stack.resources.find((resource) => resource.address === address);
    if (target === undefined || attribute === undefined) {
      throw new Error(`${from.address} refers to \${${expression}}, which cannot be followed here.`);
    }
    if (typeof target.arguments[attribute] === 'string') return this.text(target, attribute);
    if (!importableRule(target).attributes.includes(attribute)) {
      throw new Error(
        `${from.address} refers to \${${expression}}, which only AWS knows. Add to cli/import-blocks/import-ids.ts how it is found.`,
      );
    }
    const importId = await this.importId(target);
    if (importId === undefined) throw new MissingInAwsError(`${target.address} is not in AWS.`);
    return importId;
  }

  #lookUpsIn(region: string): AwsLookUps {
    const lookUps = this.#aws.get(region) ?? this.awsIn(region);
    this.#aws.set(region, lookUps);
    return lookUps;
  }

  #factsOf(resource: Resource): ResourceFacts {
    const { accountId } = this.stack;
    const { region } = resource;
    return {
      aws: this.#lookUpsIn(region),
      text: (argument) => this.text(resource, argument),
      texts: (argument) => this.texts(resource, argument),
      arn: (service, rest) => `arn:${this.partition}:${service}:${region}:${accountId}:${rest}`,
    };
  }
}

const notWrittenOut = ({ address }: Resource, argument: string): Error =>
  new Error(
    `${address} has no \`${argument}\` that is written out in the stack, so its import id is not known. ` +
      'Import it by hand.',
  );

/** @throws Error for a type without a rule */
export function ruleOf({ address, type }: Resource): ImportRule {
  const rule = IMPORT_RULES[type];
  if (rule !== undefined) return rule;
  throw new Error(
    `${address}: how to import a ${type} is not known, so nothing was written. ` +
      'Add a rule to cli/import-blocks/import-ids.ts, or use the version of iam-key-rotation that synthesized the stack.',
  );
}

function importableRule(resource: Resource): Importable {
  const rule = ruleOf(resource);
  if ('importId' in rule) return rule;
  throw new Error(`${resource.address} cannot be imported: ${rule.remade}.`);
}
