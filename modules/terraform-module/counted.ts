import type { TerraformReference } from '../terraform/reference';

interface Synthesized {
  readonly resource: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly check?: Readonly<Record<string, { readonly assert: readonly Assertion[] }>>;
}

interface Assertion {
  readonly condition: string;
  readonly error_message: string;
}

/**
 * What was synthesized, with resources in it of which there is one or none. What takes an attribute of such a resource takes
 * that of the one: where there is none, it must not be asked for, which is up to the expression. A check of it holds then.
 *
 * @param counts by address, such as `aws_iam_role.respond`: a reference to 0 or 1
 * @throws Error if there is no such resource
 */
export function counted(synthesized: unknown, counts: Readonly<Record<string, TerraformReference>>): unknown {
  const addresses = Object.keys(counts);
  const { resource, check = {}, ...rest } = withIndex(synthesized, addresses) as Synthesized;
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
    check: mapMembers(check, ({ assert }) => ({
      assert: assert.map((one) => holdsWithout(one, addresses)),
    })),
  };
}

const isThere = (resource: Synthesized['resource'], address: string): boolean => {
  const [type = '', name = ''] = address.split('.');
  return resource[type]?.[name] !== undefined;
};

/** In expressions, and in commands that a message names. */
function withIndex(value: unknown, addresses: readonly string[]): unknown {
  const attribute = new RegExp(String.raw`(?<![\w.-])(${addresses.join('|')})(?=\.[a-z]\w*)`, 'g');
  const replaced = new RegExp(String.raw`-replace=(${addresses.join('|')})(?![\w.-])`, 'g');
  return JSON.parse(
    JSON.stringify(value, (_, one: unknown) =>
      typeof one === 'string'
        ? one.replaceAll(attribute, '$1[0]').replaceAll(replaced, `'-replace=$1[0]'`)
        : one,
    ),
  );
}

function holdsWithout(assertion: Assertion, addresses: readonly string[]): Assertion {
  const address = addresses.find((one) => assertion.condition.includes(`${one}[0]`));
  if (address === undefined) return assertion;
  const condition = assertion.condition.replace(/^\$\{([^]*)\}$/, '$1');
  return { ...assertion, condition: `\${length(${address}) == 0 ? true : ${condition}}` };
}

const mapMembers = <From, To>(
  members: Readonly<Record<string, From>>,
  map: (member: From, name: string) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(members).map(([name, member]) => [name, map(member, name)]));
