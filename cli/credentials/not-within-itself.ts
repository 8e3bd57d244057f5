const MARK = 'IAM_KEY_ROTATION_CREDENTIALS';

/**
 * A profile whose `credential_process` is this command, and AWS_PROFILE naming that profile: the command would look for
 * credentials to read the secret with, find the profile, and start itself, for ever. The second one fails instead, and
 * the first goes on to what else the machine has (a container's or an instance's role).
 */
export function refuseWithinItself(env: NodeJS.ProcessEnv): void {
  if (env[MARK] !== undefined) {
    throw new Error(
      'This profile gets its credentials from `iam-key-rotation credentials`, which cannot use the same profile to read ' +
        'the secret. Name the one that may read it with --profile, or write `env -u AWS_PROFILE` before the command.',
    );
  }
  env[MARK] = '1';
}
