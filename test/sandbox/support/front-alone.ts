import { SandboxClock } from '../../../sandbox/clock';
import { ApiError, type OperationTable } from '../../../sandbox/front/api-call';
import { Faults } from '../../../sandbox/front/faults';
import { type Authorize, startFront } from '../../../sandbox/front/front';
import { KeptConnections } from '../../../sandbox/front/kept-connections';
import { CallRecorder } from '../../../sandbox/front/recorder';
import { AccessKeys, type AccessKeyTiming } from '../../../sandbox/iam/access-keys';
import { stsOperations } from '../../../sandbox/sts/operations';
import { Moto } from '../../../sandbox/moto/moto';
import { Sessions } from '../../../sandbox/sts/sessions';

export const ACCOUNT = '111122223333';
export const ADMIN = { accessKeyId: 'AKIAADMINEXAMPLE', secretAccessKey: 'admin-secret' };

/** The front of the local AWS without moto behind it: whatever is not in the table is refused. */
export async function startFrontAlone(
  options: {
    readonly clock?: SandboxClock;
    readonly timing?: Partial<AccessKeyTiming>;
    readonly operations?: OperationTable;
    readonly authorize?: Authorize;
  } = {},
) {
  const clock = options.clock ?? new SandboxClock();
  const [recorder, faults, sessions] = [new CallRecorder(), new Faults(), new Sessions()];
  const keys = new AccessKeys(clock, {
    propagation: { delaySeconds: 0, flapping: false },
    ...{ revocationDelaySeconds: 0, lastUsedLagSeconds: 0 },
    ...options.timing,
  });
  const killed: string[] = [];
  const connections = new KeptConnections();
  const noMoto = new Moto(0, 'eu-west-1');
  const front = await startFront({
    ...{ clock, recorder, faults, authorize: options.authorize },
    authenticator: { accountId: ACCOUNT, admin: ADMIN, keys, sessions },
    operations: new Map(
      Object.entries({ ...stsOperations(ACCOUNT, noMoto, sessions), ...options.operations }),
    ),
    passOn: (call) => Promise.reject(new ApiError('NotHere', `${call.service}:${call.action}`)),
    killInvocation: (id) => killed.push(id),
    connections,
  });
  const endpoint = `http://127.0.0.1:${String(front.port)}`;
  /** For any SDK client. */
  const client = (
    credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } = ADMIN,
  ) => ({
    ...{ endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 },
  });
  return {
    ...{ clock, keys, sessions, recorder, faults, killed, connections, endpoint, client },
    stop: () => front.stop(),
  };
}

export type FrontAlone = Awaited<ReturnType<typeof startFrontAlone>>;
