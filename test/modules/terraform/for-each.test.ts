import { IamUserPolicyAttachment } from '@cdktf/provider-aws/lib/iam-user-policy-attachment';
import { type ITerraformIterator, TerraformIterator, TerraformStack, Testing, Token } from 'cdktf';

import { EACH_VALUE, eachOf } from '../../../modules/terraform/for-each';

function synthesized(forEach: ITerraformIterator, policyArn: string): unknown {
  const stack = new TerraformStack(Testing.app(), 'stack');
  new IamUserPolicyAttachment(stack, 'Policies', { forEach, user: 'a', policyArn });
  return JSON.parse(Testing.synth(stack)).resource.aws_iam_user_policy_attachment;
}

it.each([
  ['no text', []],
  [
    'ARNs',
    ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::111122223333:policy/team/a+b=c,d.e@f_g-h'],
  ],
  ['texts that Terraform has to escape', ['a "quoted" one', 'back\\slash', '${aws:username}']],
  ['references', ['${aws_iam_policy.one.arn}', Token.asString({ resolve: () => '${var.two}' })]],
])('for_each over %s is what CDKTF makes of its own iterator', (_, texts) => {
  const own = TerraformIterator.fromList([...texts]);

  expect(synthesized(eachOf(texts), EACH_VALUE)).toEqual(synthesized(own, own.value as string));
});
