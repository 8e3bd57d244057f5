import childProcess from 'node:child_process';

import { DataResource, TerraformStack, Testing } from 'cdktf';

import { RotationStack } from '../../../modules/rotation-stack';
import { TerraformData } from '../../../modules/terraform/terraform-data';
import { aStack, aUser } from '../support/configurations';

it('terraform_data is what CDKTF makes of its own class', () => {
  const synthesized = (Class: typeof DataResource | typeof TerraformData): unknown => {
    const stack = new TerraformStack(Testing.app(), 'stack');
    new Class(stack, 'Data', {
      input: { place: 'eu-west-1' },
      triggersReplace: { role: '${aws_iam_role.a.unique_id}' },
      lifecycle: { ignoreChanges: ['input'] },
    });
    return JSON.parse(Testing.synth(stack));
  };

  expect(synthesized(TerraformData)).toEqual(synthesized(DataResource));
});

it('a stack is synthesized without Terraform: CDKTF runs it for each function otherwise', () => {
  const run = jest.spyOn(childProcess, 'execSync');
  const stack = new RotationStack(Testing.app(), { configuration: aStack([aUser('a'), aUser('b')]) });

  Testing.synth(stack, true);

  expect(run).not.toHaveBeenCalled();
});
