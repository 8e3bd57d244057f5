import { basename } from 'node:path';

/** A module as others can use it: its Terraform, and which files of the synthesis it takes along. */
export interface PlainModule {
  readonly json: string;
  /** Paths below the stack's folder; the module has them beside its Terraform. */
  readonly files: readonly string[];
}

type Json = Record<string, unknown>;

/**
 * What was synthesized of a stack, as a plain module: the provider and the state are its caller's, files are found where
 * the module is, and what CDKTF says of itself is left out.
 * Variables, locals, outputs and versions are written by hand in release/terraform.
 *
 * @param text - the `cdk.tf.json` of the stack
 */
export function plainModule(text: string): PlainModule {
  const { terraform, provider, resource, '//': metadata, ...rest } = JSON.parse(text) as Json;
  if (terraform === undefined || provider === undefined || metadata === undefined) {
    throw new Error('This is a bug: what was synthesized is no stack with a provider.');
  }
  const files: string[] = [];
  const module = {
    ...rest,
    resource: JSON.parse(JSON.stringify(resource), (name, value: unknown) => {
      if (name !== 'filename' || typeof value !== 'string') return value;
      files.push(value);
      return `\${path.module}/${basename(value)}`;
    }) as Json,
  };
  return { json: `${JSON.stringify(withoutMetadata(module), null, 2)}\n`, files };
}

function withoutMetadata(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, inner: unknown) => (name === '//' ? undefined : inner)),
  ) as unknown;
}
