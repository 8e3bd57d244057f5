import type { TerraformElement } from 'cdktf';
import { TerraformDataSource, TerraformResource, TerraformStack } from 'cdktf';

/** Who has which address, per stack: `<type>.<name>` to the path of the construct that has it. */
const addressesByStack = new WeakMap<TerraformStack, Map<string, string>>();

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
      `Terraform address ${address} is wanted by ${element.node.path} and belongs to ${owner} already: ` +
        'give one of the two another name (in rotation.yaml: another stable key).',
    );
  }
  addresses.set(address, element.node.path);
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

function addressesOf(stack: TerraformStack): Map<string, string> {
  const addresses = addressesByStack.get(stack) ?? new Map<string, string>();
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
