import { requireMoto } from './moto/command';
import { hasTerraform } from './terraform';

/**
 * What the sandbox cannot run without, and this machine does not have: one sentence each, with the remedy. moto is
 * installed on the way, where that is possible.
 */
export function missingTools(): readonly string[] {
  const missing: string[] = [];
  if (!hasTerraform()) {
    missing.push(
      'Terraform is not on PATH: install 1.11 or newer from https://developer.hashicorp.com/terraform/install',
    );
  }
  try {
    requireMoto();
  } catch (error) {
    missing.push(error instanceof Error ? error.message : String(error));
  }
  return missing;
}
