import { DataAwsIamUser } from '@cdktf/provider-aws/lib/data-aws-iam-user';
import { IamUser } from '@cdktf/provider-aws/lib/iam-user';
import { TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';

import { addressed } from '../../../modules/terraform/address';

const aStack = (): TerraformStack => new TerraformStack(Testing.app(), 'stack');
const aUser = (scope: Construct, id = 'User'): IamUser => new IamUser(scope, id, { name: 'a' });

it('the Terraform address of a resource is the type and the chosen name, wherever in the tree it is', () => {
  const stack = aStack();

  addressed('ci-deployer', aUser(new Construct(new Construct(stack, 'Deep'), 'Down')));

  expect(JSON.parse(Testing.synth(stack)).resource.aws_iam_user).toEqual({ 'ci-deployer': { name: 'a' } });
});

it('the Terraform address of a resource is refused a second time in one stack, naming both', () => {
  const stack = aStack();
  addressed('a', aUser(stack, 'First'));

  expect(() => addressed('a', aUser(stack, 'Second'))).toThrow(
    'Terraform address aws_iam_user.a is wanted by stack/Second and belongs to stack/First already',
  );
});

it('the Terraform address of a resource may be the same in another stack, for another type, and for a data source', () => {
  const [stack, other] = [aStack(), aStack()];
  addressed('a', aUser(stack));

  expect(() => addressed('a', aUser(other))).not.toThrow();
  expect(() => addressed('a', new DataAwsIamUser(stack, 'Found', { userName: 'a' }))).not.toThrow();
});

it('the Terraform address of a resource cannot be chosen any more once an attribute was read', () => {
  const user = aUser(aStack());
  expect(user.arn).toBeDefined();

  expect(() => addressed('a', user)).toThrow(/bug.*was read before it got its address aws_iam_user.a/);
});

it('the Terraform address of a resource is for resources and data sources only', () => {
  expect(() => addressed('a', new TerraformOutput(aStack(), 'out', { value: 1 }))).toThrow('bug');
});
