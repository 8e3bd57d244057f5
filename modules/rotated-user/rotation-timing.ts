import type { UserConfiguration } from '../config/configuration';
import { parseConfiguration } from '../config/parse-configuration';
import { ConfigurationError } from '../config/problem';
import type { RawRotation } from '../config/schema/rotation';

/** When a user is rotated and what becomes of its previous keys: a part of what a `RotatedUser` is given. */
export type RotationTiming = Pick<
  UserConfiguration,
  'schedule' | 'overlapSeconds' | 'gracePeriodSeconds' | 'maximumKeyAgeSeconds' | 'whenStillInUse'
>;

/** What can be said of a user's rotation, in the words and with the defaults of `rotation.yaml`. */
export type RotationTimingOptions = RawRotation;

/**
 * The timing of a user's rotation, checked as `rotation.yaml` is: that the lives of two keys fit between two rotations,
 * that no key gets older than it may, that a key in use can be told. Nothing said: every second month, on a day and at
 * an hour that depend on the stable key.
 *
 * @throws ConfigurationError with all that is wrong with it
 */
export function rotationTiming(stableKey: string, options: RotationTimingOptions = {}): RotationTiming {
  // A stack of this one user: so every rule of the configuration is asked, also those that are yet to come.
  const stack = { accountId: '000000000000', region: 'us-east-1', users: { [stableKey]: options } };
  try {
    const { stacks } = parseConfiguration('', JSON.stringify({ stacks: { timing: stack } }));
    const [user] = stacks[0]?.users ?? [];
    if (user === undefined) {
      throw new Error(`This is a bug: the timing of ${stableKey} was accepted and came to nothing.`);
    }
    const { schedule, overlapSeconds, gracePeriodSeconds, maximumKeyAgeSeconds, whenStillInUse } = user;
    return { schedule, overlapSeconds, gracePeriodSeconds, maximumKeyAgeSeconds, whenStillInUse };
  } catch (error) {
    throw error instanceof ConfigurationError ? ofTheCall(stableKey, error) : error;
  }
}

/** The problems of a call: without a line, and the path, of a file that is not there. */
function ofTheCall(stableKey: string, error: ConfigurationError): ConfigurationError {
  const problems = error.problems.map(({ path, found, rule, write }) => ({
    path: path.slice(OF_THE_USER),
    ...{ found, rule, write },
  }));
  return new ConfigurationError(`rotationTiming('${stableKey}', …)`, problems, { cause: error });
}

/** `stacks.timing.users.ci-deployer` */
const OF_THE_USER = 4;
