import type { TerraformReference } from '../terraform/reference';
import { FUNCTIONS_RUN_THEIR_CODE } from '../terraform/functions-run-their-code';

interface Synthesized {
  readonly resource: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly locals?: Readonly<Record<string, unknown>>;
}

/**
 * What was synthesized, with resources in it of which there is one or none. What takes an attribute of such a resource takes
 * that of the one: where there is none, it must not be asked for, which is up to the expression.
 * A function that is not there counts as one that runs its code.
 *
 * @param counts by address, such as `aws_iam_role.respond`: a reference to 0 or 1
 * @throws Error if there is no such resource
 */
export function counted(synthesized: unknown, counts: Readonly<Record<string, TerraformReference>>): unknown {
  const addresses = Object.keys(counts);
  const { resource, locals = {}, ...rest } = withIndex(synthesized, addresses) as Synthesized;
  const missing = addresses.filter((address) => !isThere(resource, address));
  if (missing.length > 0) throw new Error(`This is a bug: there is no ${missing.join(', ')}.`);
  return {
    ...rest,
    resource: mapMembers(resource, (all, type) =>
      mapMembers(all, (one, name) => {
        const count = counts[`${type}.${name}`];
        return count === undefined ? one : { count, ...one };
      }),
    ),
    locals: { ...locals, ...localsOfCounted(locals, addresses) },
  };
}

const isThere = (resource: Synthesized['resource'], address: string): boolean => {
  const [type = '', name = ''] = address.split('.');
  return resource[type]?.[name] !== undefined;
};

/** In expressions. */
function withIndex(value: unknown, addresses: readonly string[]): unknown {
  const attribute = new RegExp(String.raw`(?<![\w.-])(${addresses.join('|')})(?=\.[a-z]\w*)`, 'g');
  return JSON.parse(
    JSON.stringify(value, (_, one: unknown) =>
      typeof one === 'string' ? one.replaceAll(attribute, '$1[0]') : one,
    ),
  );
}

/** Under the name that a command takes: `respond[0]`. */
function localsOfCounted(
  { [FUNCTIONS_RUN_THEIR_CODE]: functions }: Readonly<Record<string, unknown>>,
  addresses: readonly string[],
): Readonly<Record<string, unknown>> {
  if (functions === undefined) return {};
  const entries = Object.entries(functions as Readonly<Record<string, string>>).map(([name, runs]) => {
    const address = `aws_lambda_function.${name}`;
    if (!addresses.includes(address)) return [name, runs] as const;
    const expression = runs.replace(/^\$\{([^]*)\}$/, '$1');
    return [`${name}[0]`, `\${length(${address}) == 0 ? true : ${expression}}`] as const;
  });
  return { [FUNCTIONS_RUN_THEIR_CODE]: Object.fromEntries(entries) };
}

const mapMembers = <From, To>(
  members: Readonly<Record<string, From>>,
  map: (member: From, name: string) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(members).map(([name, member]) => [name, map(member, name)]));
