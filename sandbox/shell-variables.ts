import type { LocalAws } from './local-aws';
import { terraformCliConfig } from './terraform';

/** What a shell may have, and what would lead SDKs, Terraform or the AWS CLI past the variables of the local AWS. */
const IN_THE_WAY = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_ROLE_ARN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CA_BUNDLE',
];

/** Lines for a shell, after which it points everything to the local AWS. */
export function shellLines({ environment }: Pick<LocalAws, 'environment'>): readonly string[] {
  const variables = { ...environment, TF_CLI_CONFIG_FILE: terraformCliConfig() };
  return [
    `unset ${IN_THE_WAY.join(' ')}`,
    ...Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`),
  ];
}
