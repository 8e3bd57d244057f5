import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';

import type { RespondEnv } from '../../contract/env/respond';
import { respondFunctionName } from '../../contract/names';
import { clientConfig } from '../aws-options';
import type { Stack } from '../stack';

const DRILL_USER = 'DRILL_USER' satisfies keyof RespondEnv;

/**
 * Whom a drill may be about says the responder alone, which asks again when the drill reaches it.
 *
 * @throws Error where the stack has no responder, or the user is not its user for drills; with what to do
 */
export async function requireDrillUser({ connection, prefix, region }: Stack, user: string): Promise<void> {
  const responder = respondFunctionName(prefix);
  const configure = `set onLeak: replace and leakDrill: ${user} in the stack of rotation.yaml, and apply`;
  let drillUser: string | undefined;
  try {
    const { Environment } = await new LambdaClient(clientConfig(connection)).send(
      new GetFunctionConfigurationCommand({ FunctionName: responder }),
    );
    drillUser = Environment?.Variables?.[DRILL_USER];
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    throw new Error(
      `Stack ${prefix} has no function ${responder} in ${region}: it says onLeak: notify, so people are told of a leak and no key is ` +
        `replaced. There is nothing to play. What a person then does is \`emergency\`. To have leaked keys replaced, ${configure}. ` +
        'Nothing was changed.',
      { cause: error },
    );
  }
  if (drillUser === user) return;
  const named =
    drillUser === undefined ? 'The stack names no user for drills' : `The user for drills is ${drillUser}`;
  throw new Error(
    `${user} is not the user for drills of stack ${prefix}. ${named}. A drill really replaces a key, and whoever may put events can ` +
      `ask for one, so it is for a user whose key nobody needs: ${configure}. Nothing was changed.`,
  );
}
