import { DataAwsIamUser } from '@cdktf/provider-aws/lib/data-aws-iam-user';
import { IamUser } from '@cdktf/provider-aws/lib/iam-user';
import { TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';

import { addressed, attributeOf, waitingFor } from '../../../modules/terraform/address';

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

it('an attribute of a resource is the text that CDKTF makes of its own', () => {
  const stack = aStack();
  const user = addressed('ci-deployer', aUser(stack));
  const found = addressed('legacy', new DataAwsIamUser(stack, 'Found', { userName: 'a' }));

  const value = (name: string, text: string): unknown => {
    new TerraformOutput(stack, name, { value: text, staticId: true });
    return JSON.parse(Testing.synth(stack)).output[name].value;
  };

  expect(attributeOf(user, 'uniqueId')).toBe(value('made', user.uniqueId));
  expect(attributeOf(found, 'userId')).toBe(value('found', found.userId));
});

it('an attribute of a resource is refused where that has no address yet', () => {
  expect(() => attributeOf(aUser(aStack()), 'arn')).toThrow('bug');
});

it('a resource waits for others in the words that CDKTF uses, whether they have an address or not', () => {
  const stack = aStack();
  const first = addressed('a', aUser(stack, 'A'));
  const found = addressed('b', new DataAwsIamUser(stack, 'B', { userName: 'b' }));
  const foreign = aUser(stack, 'Foreign');
  waitingFor([found, foreign], waitingFor([first], addressed('last', aUser(stack, 'Last'))));
  foreign.overrideLogicalId('renamed');

  expect(JSON.parse(Testing.synth(stack)).resource.aws_iam_user.last.depends_on).toEqual([
    'aws_iam_user.a',
    'data.aws_iam_user.b',
    'aws_iam_user.renamed',
  ]);
});
