import { terraformLines } from '../../../sandbox/demo/terraform-lines';

describe('what the demo tells of Terraform’s output', () => {
  it('is the first keys and how it ended, wherever the pieces of the output begin and end', () => {
    const told: string[] = [];
    const take = terraformLines((line) => told.push(line));

    take('aws_iam_user.ci-deployer: Creation complete after 0s [id=ci-deployer]\naws_lambda_invoc');
    take(
      'ation.ci-deployer_first_key: Creating...\naws_lambda_invocation.ci-deployer_first_key: Creation com',
    );
    take('plete after 4s [id=x]\n\nApply complete! Resources: 12 added, 0 changed, 0 destroyed.\n');

    expect(told).toEqual([
      'first key of ci-deployer made and proved, in 4s',
      'Apply complete! Resources: 12 added, 0 changed, 0 destroyed.',
    ]);
  });
});
