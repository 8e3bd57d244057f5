import { STABLE_KEY } from '../../../contract/stable-key';
import type { Settings } from '../../../contract/settings';
import type { Journal } from '../model/journal';
import { suffixOf } from '../telemetry/emit';
import type { FaultBegan, FaultReport } from './fault-report';
import type { NotificationPorts } from './notification-ports';

type Ports = Pick<NotificationPorts, 'settings' | 'journals' | 'log'>;

/**
 * Of a report of AWS that names an IAM user: whether it is a rotated one, and which keys it has of ours. Only a user whose stable
 * key is its name, as it is by default, is found: the role of the function may read a record that it can name, and has no right
 * to list them, which is why a key's id leads to no user either.
 */
export async function ofRotatedUser(ports: Ports, report: FaultReport): Promise<FaultReport> {
  const { phase, reporter, userName } = report;
  if (phase === 'ended' || reporter !== 'leakReport' || userName === undefined) return report;
  try {
    const settings = STABLE_KEY.test(userName) ? await ports.settings.read(userName) : undefined;
    return settings?.userName === userName ? await withKeys(ports, report, settings) : report;
  } catch (error) {
    // A message without them is better than none.
    ports.log.warn('it could not be read whether AWS reports a rotated user', { user: userName, error });
    return report;
  }
}

async function withKeys(
  { journals }: Ports,
  report: FaultBegan,
  { stableKey }: Settings,
): Promise<FaultBegan> {
  const { journal } = await journals.read(stableKey);
  const keys = journal === undefined ? [] : keysIn(journal);
  const listed = keys.length === 0 ? '' : ` It may be any of its keys: ${keys.join(', ')}.`;
  const [first = '', ...others] = report.what.split('\n');
  const what = [`${first} It is the rotated user ${stableKey}.${listed}`, ...others].join('\n');
  return { ...report, user: stableKey, what };
}

const keysIn = ({ current, attempt, previous }: Journal): readonly string[] =>
  [
    { keyId: current?.keyId, role: 'current' },
    { keyId: attempt?.keyId, role: 'of a rotation under way' },
    ...previous.map(({ keyId, phase }) => ({
      keyId,
      role: phase === 'deactivated' ? 'retired' : 'previous',
    })),
  ].flatMap(({ keyId, role }) => (keyId === undefined ? [] : [`...${suffixOf(keyId)} (${role})`]));
