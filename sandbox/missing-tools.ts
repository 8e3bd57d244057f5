import { canHaveMoto, MOTO_REMEDY } from './moto/command';
import { hasTerraform } from './terraform';

/** What the sandbox cannot run without, and this machine does not have: one sentence each, with the remedy. */
export function missingTools(): readonly string[] {
  return [
    ...(hasTerraform()
      ? []
      : [
          'Terraform is not on PATH: install 1.11 or newer from https://developer.hashicorp.com/terraform/install',
        ]),
    ...(canHaveMoto() ? [] : [`moto, which answers the AWS calls, needs Python: ${MOTO_REMEDY}`]),
  ];
}
