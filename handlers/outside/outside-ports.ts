import type { OutsidePorts } from '../core/delivery/delivery-ports';
import { GithubActionsSecrets } from './github-secrets';
import { GuardedHttps } from './guarded-https';
import { GuardedHttpsTargets } from './https-targets';

/** The ports of a delivery that are not AWS. */
export function createOutsidePorts(client = new GuardedHttps()): OutsidePorts {
  return { githubSecrets: new GithubActionsSecrets(client), httpsTargets: new GuardedHttpsTargets(client) };
}
