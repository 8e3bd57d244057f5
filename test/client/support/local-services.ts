import { type FrontAlone, startFrontAlone as startFront } from '../../sandbox/support/front-alone';
import { ApiError, type OperationTable } from '../../../sandbox/front/api-call';
import { jsonAnswer } from '../../../sandbox/front/answers';
import type { AccessKey } from '../../../sandbox/iam/access-keys';

const USER = { userId: 'AIDAEXAMPLE', userName: 'app', arn: 'arn:aws:iam::111122223333:user/app' };

/** One secret, its user's access keys, and services that check signatures, on one port of 127.0.0.1. */
export interface LocalServices extends FrontAlone {
  /** Makes a key and moves AWSCURRENT to it, as a rotation does. */
  rotate(): AccessKey;
  /** AWSCURRENT and AWSPREVIOUS change places. */
  rollBack(): void;
  /** How often the secret was read, under either label. */
  reads(): readonly string[];
  /** Which keys a service was called with, in order; with the error's code where it was refused. */
  uses(service: string): readonly string[];
}

export async function startLocalServices(operations: OperationTable = {}): Promise<LocalServices> {
  const labels = new Map<unknown, AccessKey>();
  const front = await startFront({
    operations: {
      'secretsmanager:GetSecretValue': async ({ parameters }) => {
        const key = labels.get(parameters['VersionStage']);
        if (key === undefined) {
          throw new ApiError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
        }
        const { id: AccessKeyId, secretAccessKey: SecretAccessKey } = key;
        return jsonAnswer({ SecretString: JSON.stringify({ Version: 1, AccessKeyId, SecretAccessKey }) });
      },
      'dynamodb:ListTables': async () => jsonAnswer({ TableNames: [] }),
      ...operations,
    },
  });
  const callsOf = (service: string) => front.recorder.calls().filter((call) => call.service === service);
  return Object.assign(front, {
    rotate() {
      const key = front.keys.create(USER);
      const previous = labels.get('AWSCURRENT');
      if (previous !== undefined) labels.set('AWSPREVIOUS', previous);
      labels.set('AWSCURRENT', key);
      return key;
    },
    rollBack() {
      const [current, previous] = [labels.get('AWSCURRENT')!, labels.get('AWSPREVIOUS')!];
      labels.set('AWSCURRENT', previous).set('AWSPREVIOUS', current);
    },
    reads: () => callsOf('secretsmanager').map(({ parameters }) => String(parameters['VersionStage'])),
    uses: (service: string) =>
      callsOf(service).map(({ accessKeyId, errorCode }) => `${accessKeyId} ${errorCode ?? 'ok'}`),
  });
}
