import type { Journal } from '../model/journal';
import type { RotationPorts } from '../model/ports';
import { explain } from '../model/explain';
import { UnknownStateError } from '../model/refusals';
import type { FunctionEvent, RotationEvent, RotationStep } from '../../../contract/function-events';
import type { Settings } from '../../../contract/settings';
import { createSecret } from './create-secret';
import { finishSecret } from './finish-secret';
import { firstKey, type FirstKeyResult } from './first-key';
import { guardRemoval } from './guard-removal';
import { testSecret } from './test-secret';
import { answerLeak, type LeakAnswered } from '../leaks/answer-leak';
import { recordFailure } from '../telemetry/record-failure';

type Step = (ports: RotationPorts, settings: Settings, event: RotationEvent) => Promise<void>;

const STEPS: Readonly<Record<RotationStep, Step>> = {
  createSecret,
  // Nothing has to be set anywhere: IAM knows the key since createSecret.
  setSecret: () => Promise.resolve(),
  testSecret,
  finishSecret,
};

/** What the function returns to its caller. Terraform keeps that of a first key in its state, so it holds nothing secret. */
export type RotationResult = FirstKeyResult | LeakAnswered | undefined;

/**
 * Does what one event asks for, for the user with this stable key.
 *
 * @throws StepFailedError whatever goes wrong; its name is that of the cause.
 */
export async function rotate(
  ports: RotationPorts,
  stableKey: string,
  event: FunctionEvent,
): Promise<RotationResult> {
  let settings: Settings | undefined;
  const readSettings = async (): Promise<Settings> =>
    (settings = requireSettings(await ports.settings.read(stableKey), stableKey, event.SecretId));
  try {
    if (event.Step === 'guardRemoval') {
      await guardRemoval(ports, stableKey, event);
      return undefined;
    }
    if (event.Step === 'firstKey') return await firstKey(ports, readSettings, event);
    if (event.Step === 'replaceLeakedKey') return await answerLeak(ports, await readSettings(), event);
    await STEPS[event.Step](ports, await readSettings(), event);
    return undefined;
  } catch (error) {
    const journal = settings && (await readJournalQuietly(ports, stableKey));
    const explained = explain(error, { step: event.Step, secretArn: event.SecretId, settings, journal });
    const user = { secretArn: event.SecretId, ...settings, stableKey };
    recordFailure(ports, { event, user, journal, error: explained });
    throw explained;
  }
}

/** To name the keys in an error. Without it the error still says what matters, so a second failure must not hide it. */
async function readJournalQuietly(
  { journals, log }: RotationPorts,
  stableKey: string,
): Promise<Journal | undefined> {
  try {
    return (await journals.read(stableKey)).journal;
  } catch (error) {
    log.warn('the journal could not be read to name the keys', { error });
    return undefined;
  }
}

/** The settings in the table are the only authority for which user belongs to which secret. */
function requireSettings(settings: Settings | undefined, stableKey: string, secretArn: string): Settings {
  if (settings === undefined) {
    throw new UnknownStateError(
      `The table holds no settings of ${stableKey}.`,
      'Terraform writes them; without them no key is touched. Run `terraform apply`.',
    );
  }
  if (settings.secretArn === secretArn) return settings;
  throw new UnknownStateError(
    `The settings of ${stableKey} belong to secret ${settings.secretArn}.`,
    'A function acts only on the secret that Terraform wrote down for its user. Nothing was changed.',
  );
}
