import { aStackWithEverything } from './support/configurations';
import { expectGolden } from './support/golden';
import { synthesize } from './support/synthesize';

/*
 * The one list of the addresses that people have in their states, of stacks that ask for everything; that of the modules
 * in HCL is in test/published/terraform-module.test.ts.
 *
 * A line that is changed or gone is a user or a secret that Terraform would destroy and make anew, unless a `moved` block
 * or a migration goes with it. A new line is a new resource.
 */

const perUser = synthesize(aStackWithEverything()).addresses;
const shared = synthesize(aStackWithEverything({ functions: 'shared' })).addresses;

it('R11: the published Terraform addresses are those of golden/published-addresses.json, with a function for each user', () =>
  expectGolden('published-addresses', perUser));

it('R11: the published Terraform addresses are those of golden/published-addresses.with-a-shared-function.json where there are others', () =>
  expectGolden(
    'published-addresses.with-a-shared-function',
    shared.filter((address) => !perUser.includes(address)),
  ));
