import { terraformLines } from '../../../sandbox/demo/print';

describe('what the demo prints of Terraform’s output', () => {
  it('the demo prints of Terraform the first keys and how it ended, wherever the pieces of the output begin and end', () => {
    const printed: string[] = [];
    const take = terraformLines((line) => printed.push(line));

    take('aws_iam_user.ci-deployer: Creation complete after 0s [id=ci-deployer]\naws_lambda_invoc');
    take(
      'ation.ci-deployer_first_key: Creating...\naws_lambda_invocation.ci-deployer_first_key: Creation com',
    );
    take('plete after 4s [id=x]\n\nApply complete! Resources: 12 added, 0 changed, 0 destroyed.\n');

    expect(printed).toEqual([
      'first key of ci-deployer made and proved, in 4s',
      'Apply complete! Resources: 12 added, 0 changed, 0 destroyed.',
    ]);
  });
});
