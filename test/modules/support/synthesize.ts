import { Testing } from 'cdktf';

import type { StackConfiguration } from '../../../modules/config/configuration';
import { RotationStack } from '../../../modules/rotation-stack';
import './terraform-matchers';

type Attributes = Readonly<Record<string, unknown>>;
type Elements = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

interface Synthesized {
  readonly resource: Elements;
  readonly data?: Elements;
  readonly output: Readonly<Record<string, { readonly value: unknown }>>;
  readonly provider: { readonly aws: readonly Attributes[] };
  readonly terraform: Attributes;
}

/** A synthesized stack, as text for CDKTF's matchers, and by address. */
export class SynthesizedStack {
  readonly #content: Synthesized;

  constructor(readonly text: string) {
    this.#content = JSON.parse(text) as Synthesized;
  }

  get outputs(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(Object.entries(this.#content.output).map(([name, { value }]) => [name, value]));
  }

  get provider(): Attributes {
    return this.#content.provider.aws[0]!;
  }

  get terraform(): Attributes {
    return this.#content.terraform;
  }

  /** The Terraform addresses of everything in the stack, sorted. */
  get addresses(): readonly string[] {
    const list = (elements: Elements, prefix: string): string[] =>
      Object.entries(elements).flatMap(([type, names]) =>
        Object.keys(names).map((name) => `${prefix}${type}.${name}`),
      );
    return [...list(this.#content.resource, ''), ...list(this.#content.data ?? {}, 'data.')].sort();
  }

  /** The arguments of the resource or data source at the address. */
  at(address: string): Attributes {
    const path = address.split('.');
    const [elements, type, name] =
      path[0] === 'data'
        ? [this.#content.data, path[1], path[2]]
        : [this.#content.resource, path[0], path[1]];
    const found = elements?.[type!]?.[name!];
    if (found === undefined) {
      throw new Error(`Nothing at ${address}; there are: ${this.addresses.join(', ')}`);
    }
    return found;
  }

  /** An argument that holds JSON. */
  json(address: string, argument: string): unknown {
    return JSON.parse(this.at(address)[argument] as string);
  }
}

export function synthesize(configuration: StackConfiguration): SynthesizedStack {
  return new SynthesizedStack(Testing.synth(new RotationStack(Testing.app(), { configuration }), true));
}
