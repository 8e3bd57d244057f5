import { basename } from 'node:path';

/** A module as others can use it: its Terraform, and which files of the synthesis it takes along. */
export interface PlainModule {
  readonly json: string;
  /** Paths below the stack's folder; the module has them beside its Terraform. */
  readonly files: readonly string[];
}

type Json = Record<string, unknown>;

/** Where validations may refer to other variables. https://developer.hashicorp.com/terraform/language/v1.9.x/upgrade-guides */
const REQUIRED_VERSION = '>= 1.9.0';

/**
 * What was synthesized of a stack, as a plain module: the provider and the state are its caller's, files are found where
 * the module is, and what CDKTF says of itself is left out.
 *
 * @param text - the `cdk.tf.json` of the stack
 * @param providerVersion - constraint of the AWS provider
 */
export function plainModule(text: string, providerVersion: string): PlainModule {
  const {
    terraform,
    provider,
    resource,
    variable,
    output,
    '//': metadata,
    ...rest
  } = JSON.parse(text) as Json;
  if (terraform === undefined || provider === undefined || metadata === undefined) {
    throw new Error('This is a bug: what was synthesized is no stack with a provider.');
  }
  const files: string[] = [];
  const module = {
    terraform: {
      required_version: REQUIRED_VERSION,
      required_providers: { aws: { source: 'hashicorp/aws', version: providerVersion } },
    },
    variable: withNulls(variable as Json),
    ...rest,
    output: withPlainDependencies(output as Json),
    resource: JSON.parse(JSON.stringify(resource), (name, value: unknown) => {
      if (name !== 'filename' || typeof value !== 'string') return value;
      files.push(value);
      return `\${path.module}/${basename(value)}`;
    }) as Json,
  };
  return { json: `${JSON.stringify(withoutMetadata(module), null, 2)}\n`, files };
}

/** CDKTF writes what an output depends on as references, which Terraform takes there as plain addresses only. */
function withPlainDependencies(outputs: Json): Json {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, output]) => {
      const { depends_on: references, ...rest } = output as Json & {
        readonly depends_on?: readonly string[];
      };
      const addresses = references?.map((reference) => reference.replace(/^\$\{(.*)\}$/, '$1'));
      return [name, { ...rest, ...(addresses === undefined ? {} : { depends_on: addresses }) }];
    }),
  );
}

/** CDKTF leaves out what is null, and a variable without a default would be required. */
function withNulls(variables: Json): Json {
  return Object.fromEntries(
    Object.entries(variables).map(([name, variable]) => {
      const { nullable } = variable as { readonly nullable?: boolean };
      return [name, nullable === true ? { ...(variable as Json), default: null } : variable];
    }),
  );
}

function withoutMetadata(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, inner: unknown) => (name === '//' ? undefined : inner)),
  ) as unknown;
}
