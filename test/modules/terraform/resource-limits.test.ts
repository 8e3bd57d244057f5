import { tooLong } from '../../../modules/terraform/resource-limits';
import { aStack, aUser } from '../support/configurations';
import { synthesize } from '../support/synthesize';

it('a value that is longer than AWS takes is refused when the stack is synthesized, with what to do, and not half-way through an apply', () => {
  const readers = Array.from(
    { length: 50 },
    (_, index) => `arn:aws:iam::111122223333:role/${'p'.repeat(500)}/reader_${index}`,
  );

  expect(() => synthesize(aStack([aUser('ci', { readers })]))).toThrow(
    /^The stack production cannot be made as it is:\naws_secretsmanager_secret_policy\.ci: policy has \d+ characters, and AWS takes 20480 at most\. Name fewer readers, or a whole account \(:root\) in place of its roles\.$/,
  );
});

it('the length of a value is measured without what only Terraform knows', () => {
  const reference = `\${aws_iam_user.ci.${'x'.repeat(100)}}`;
  const rule = (name: string): readonly string[] =>
    tooLong({ aws_cloudwatch_event_rule: { watch: { name } } });

  expect(rule(`${reference}-watch`)).toEqual([]);
  expect(rule('x'.repeat(64))).toEqual([]);
  expect(rule('x'.repeat(65))).toEqual([
    'aws_cloudwatch_event_rule.watch: name has 65 characters, and AWS takes 64 at most. Take a shorter prefix or stable key.',
  ]);
});

it('a stack without resources has no value that is too long', () => {
  expect(tooLong({})).toEqual([]);
});
