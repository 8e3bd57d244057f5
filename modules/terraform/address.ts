import type { ITerraformDependable, TerraformElement } from 'cdktf';
import { dependable, TerraformDataSource, TerraformResource, TerraformStack } from 'cdktf';

/** Who has which address, per stack: `<type>.<name>` to the construct that has it. */
const addressesByStack = new WeakMap<TerraformStack, Map<string, TerraformElement>>();

/** The other way around. */
const addressesByElement = new WeakMap<object, string>();

/**
 * Gives a resource or data source its Terraform address, `<type>.<name>`, and hands it back.
 *
 * Addresses are chosen, not derived: the address that CDKTF derives changes with every change of the construct
 * tree, and Terraform would then destroy a live user or secret and make another. Two elements with one address
 * would be merged into one without a word; here that is an error.
 *
 * Call it in the same expression as the constructor: once an attribute was read, the derived address is fixed.
 */
export function addressed<T extends TerraformElement>(name: string, element: T): T {
  const type = terraformType(element);
  const address = `${type}.${name}`;
  const addresses = addressesOf(TerraformStack.of(element));
  const owner = addresses.get(address);
  if (owner !== undefined) {
    throw new Error(
      `Terraform address ${address} is wanted by ${element.node.path} and belongs to ${owner.node.path} already: ` +
        'give one of the two another name (in rotation.yaml: another stable key).',
    );
  }
  addresses.set(address, element);
  addressesByElement.set(element, address);
  element.overrideLogicalId(name);
  if (element.friendlyUniqueId !== name) {
    throw new Error(
      `This is a bug: ${element.node.path} was read before it got its address ${address}, ` +
        `so it stays ${type}.${element.friendlyUniqueId}.`,
    );
  }
  return element;
}

/** @param address - `<type>.<name>` */
export const isAddressTaken = (stack: TerraformStack, address: string): boolean =>
  addressesOf(stack).has(address);

/**
 * An attribute of a resource that has its address, as a text of Terraform: `${aws_iam_user.ci-deployer.unique_id}`. For use
 * in its own stack. What CDKTF gives for `resource.uniqueId` comes to the same text, and makes an object with a stack trace
 * at each look, which is searched for and resolved three times: most of the time of a synthesis. It can be used in other
 * stacks, too, so the constructs have that to show.
 */
export function attributeOf<T extends TerraformElement>(element: T, attribute: AttributeOf<T>): string {
  return `\${${addressOf(element)}.${attribute.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}}`;
}

/** What the class of a resource has as a text. */
type AttributeOf<T> = { [Key in keyof T]: T[Key] extends string ? Key : never }[keyof T] & string;

/** `<type>.<name>`. @throws Error where it has none yet */
export function addressOf(element: TerraformElement): string {
  const address = addressesByElement.get(element);
  if (address === undefined) throw new Error(`This is a bug: ${element.node.path} has no address.`);
  return address;
}

/** The resource, which from now on waits for these as well: `dependsOn`, without a token for each that has its address. */
export function waitingFor<T extends TerraformResource>(
  others: readonly ITerraformDependable[],
  resource: T,
): T {
  const addresses = others.map((other) => addressesByElement.get(other) ?? dependable(other));
  resource.dependsOn = [...(resource.dependsOn ?? []), ...addresses];
  return resource;
}

function addressesOf(stack: TerraformStack): Map<string, TerraformElement> {
  const addresses = addressesByStack.get(stack) ?? new Map<string, TerraformElement>();
  addressesByStack.set(stack, addresses);
  return addresses;
}

function terraformType(element: TerraformElement): string {
  if (TerraformResource.isTerraformResource(element)) {
    return element.terraformResourceType;
  }
  if (TerraformDataSource.isTerraformDataSource(element)) {
    return `data.${element.terraformResourceType}`;
  }
  throw new Error(`This is a bug: ${element.node.path} is neither a resource nor a data source.`);
}
