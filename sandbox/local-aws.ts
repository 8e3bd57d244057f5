import { randomBytes } from 'node:crypto';

import { DAY, type Milliseconds } from '../contract/instant';
import { SandboxClock } from './clock';
import { lookupEvents } from './cloudtrail/lookup-events';
import { apiCallEvents } from './cloudtrail/api-call-events';
import { type CloudTrailTiming, lateDelivery } from './cloudtrail/delivery';
import { serviceEvents } from './cloudtrail/service-events';
import { trailOperations } from './cloudtrail/trail-operations';
import { Trails } from './cloudtrail/trails';
import { alarmStates } from './cloudwatch/alarm-states';
import { logGroupKeyOperations } from './cloudwatch/log-group-keys';
import { Rollouts, type RolloutTiming } from './ecs/rollouts';
import { EventBus, type NewEvent } from './eventbridge/event-bus';
import { forwardingRule } from './eventbridge/forwarding-rule';
import type { BusEvent } from './eventbridge/match-pattern';
import { putEvents } from './eventbridge/put-events';
import { ruleOperations } from './eventbridge/rule-operations';
import type { AdminCredentials } from './front/authenticate';
import { type FaultRule, Faults, type InjectedFault } from './front/faults';
import { type Authorize, startFront } from './front/front';
import { KeptConnections } from './front/kept-connections';
import { CallRecorder, type RecordedCall } from './front/recorder';
import { History } from './history';
import { accessKeyOperations } from './iam/access-key-operations';
import { AccessKeys, type AccessKeyTiming, randomKeyId } from './iam/access-keys';
import { credentialReportOperations } from './iam/credential-report';
import { userBoundaryOperations } from './iam/user-boundary-operations';
import { userOperations } from './iam/user-operations';
import { keyPolicyOperations } from './kms/key-policies';
import { Functions } from './lambda/functions';
import { Invoker } from './lambda/invoker';
import { lambdaOperations } from './lambda/operations';
import { UnpackedZips } from './lambda/unpacked-zips';
import { Moto } from './moto/moto';
import { startMoto } from './moto/start-moto';
import { KeyUse } from './secrets-manager/encryption-key';
import { withLabelEvents } from './secrets-manager/label-events';
import { LambdaRotationSteps } from './secrets-manager/lambda-rotation-steps';
import { RotationEngine, type RotationTiming } from './secrets-manager/rotation-engine';
import type { Obstacle } from './secrets-manager/replicas';
import type { ServiceEvent } from './secrets-manager/rotation-events';
import { rotationOperations } from './secrets-manager/rotation-operations';
import { secretOperations } from './secrets-manager/secret-operations';
import { Secrets } from './secrets-manager/secrets';
import { valueOperations } from './secrets-manager/value-operations';
import { stsOperations } from './sts/operations';
import { Sessions } from './sts/sessions';

/**
 * How long AWS shows the calls of an account.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html
 */
export const CALL_HISTORY = 90 * DAY;

export interface LocalAwsOptions {
  /** 12 digits. @default 111122223333 */
  readonly accountId?: string;
  /** The region of calls that the sandbox makes itself, and of `environment`. @default eu-west-1 */
  readonly region?: string;
  /** How access keys come to life and die. @default known after 2 s, coming and going until then; refused at once */
  readonly accessKeys?: Partial<AccessKeyTiming>;
  /** @default 3 attempts, 1 s apart */
  readonly rotation?: Partial<RotationTiming>;
  /** How long deployments of ECS services take. @default 6 s of the sandbox's clock */
  readonly rollouts?: Partial<RolloutTiming>;
  /** How many functions this machine runs at the same time; more wait for their turn. @default 4 */
  readonly concurrency?: number;
  /** At how many invocations at a time Lambda refuses more. AWS: 10 in a new account. @default there is no limit */
  readonly accountConcurrency?: number;
  /** Whether calls come to EventBridge where a trail is logging. @default false, since each is compared with every rule */
  readonly callsReachEventBus?: boolean;
  /** How calls come to EventBridge, where they do. @default after 20 ms, in their order, once */
  readonly cloudTrail?: Partial<CloudTrailTiming>;
  /** How long calls, events and logs are kept, by the sandbox's clock. AWS: `CALL_HISTORY`. @default for ever: tests look back */
  readonly historyMs?: Milliseconds;
  /** Decides over every authenticated call, and over rules that put events on a bus. @default everything is allowed */
  readonly authorize?: Authorize;
}

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: AwsCredentials;
}

/** A running local AWS. */
export interface LocalAws {
  /** For AWS_ENDPOINT_URL: one endpoint for every service. */
  readonly endpoint: string;
  readonly accountId: string;
  readonly region: string;
  /** May do everything; made at random when the sandbox starts. */
  readonly adminCredentials: AdminCredentials;
  /** The variables that point Terraform, SDKs and the AWS CLI here. */
  readonly environment: Readonly<Record<string, string>>;
  /** For an SDK client's constructor; with other credentials than the admin's if given. */
  clientConfig(credentials?: AwsCredentials): ClientConfig;
  /** How far the sandbox's clock, and that of its functions, is ahead of the machine's, in milliseconds. Settable. */
  clockShiftMs: number;
  now(): Date;
  /** Sets the clock ahead for functions that run now, too: what sleeps in them wakes when its time has come. */
  letPass(ms: number): void;
  /** Every call so far that is kept, in the order of their answers. */
  calls(): readonly RecordedCall[];
  /** What Secrets Manager reported of rotations so far, as CloudTrail shows it. */
  events(): readonly ServiceEvent[];
  /** Every event so far that is kept, on the account's default buses, each with its region. */
  busEvents(): readonly BusEvent[];
  /** What a service of AWS says in a region, which no caller may: PutEvents refuses sources that begin with `aws.`. */
  putServiceEvent(region: string, event: NewEvent): void;
  /** Resolves when the functions that events so far were for have run. */
  eventsDelivered(): Promise<void>;
  /** How many invocations of a function have ended with an error so far. */
  functionErrors(functionName: string): number;
  /** How many invocations of a function were refused because it was throttled so far. */
  functionThrottles(functionName: string): number;
  /** What a function has logged so far, and is kept. */
  functionLogs(functionName: string): string;
  /** Resolves when no rotation (or retry of one) is under way, of one secret or of any. */
  rotationsSettled(secretArn?: string): Promise<void>;
  /** Something keeps the copy of a secret from following it; undefined: it follows again. */
  hinderCopy(secretName: string, copyRegion: string, obstacle: Obstacle | undefined): void;
  /** Something keeps the new tasks of an ECS service from coming up; undefined: they come up again. */
  hinderRollouts(serviceArn: string, obstacle: string | undefined): void;
  /** Makes a call go wrong. */
  inject(rule: FaultRule): InjectedFault;
  stop(): Promise<void>;
}

/** Starts the local AWS on free ports of 127.0.0.1. It never outlives this process. */
export async function startLocalAws(options: LocalAwsOptions = {}): Promise<LocalAws> {
  const { accountId = '111122223333', region = 'eu-west-1', concurrency = 4, authorize } = options;
  const admin = { accessKeyId: `AKIA${randomKeyId()}`, secretAccessKey: randomBytes(30).toString('base64') };
  const running = await startMoto({ accountId });

  const clock = new SandboxClock();
  const moto = new Moto(running.port, region);
  const { historyMs } = options;
  const history = <Entry>(): History<Entry> => new History(historyMs, () => clock.now().getTime());
  const [recorder, faults, sessions, zips, trails] = [
    new CallRecorder(history()),
    new Faults(),
    new Sessions(),
    new UnpackedZips(),
    new Trails(),
  ];
  const keys = new AccessKeys(clock, {
    propagation: { delaySeconds: 2, flapping: true },
    revocationDelaySeconds: 0,
    lastUsedLagSeconds: 0,
    ...options.accessKeys,
  });
  const functions = new Functions();
  const connections = new KeptConnections();
  let endpoint = '';
  const { accountConcurrency } = options;
  const invoker = new Invoker({
    ...{ clock, moto, sessions, zips, connections, concurrency, accountConcurrency, logsKeptFor: historyMs },
    endpoint: () => endpoint,
  });
  const secrets = new Secrets(accountId, clock);
  const steps = new LambdaRotationSteps({ accountId, clock, moto, functions, invoker, recorder });
  const rollouts = new Rollouts(moto, clock, { takesSeconds: 6, ...options.rollouts });
  const stopping = new AbortController();
  const mayForward = forwardingRule(moto, authorize);
  const bus = new EventBus({ accountId, clock, moto, functions, invoker, mayForward, recorded: history() });
  const timing = { delayMs: 20, reordered: false, repeated: false, ...options.cloudTrail };
  const delivery = lateDelivery(bus, timing, stopping.signal);
  const rotations = new RotationEngine(
    accountId,
    clock,
    steps,
    { attempts: 3, retryDelayMs: 1000, ...options.rotation },
    serviceEvents(trails, bus, delivery),
    history(),
  );
  if (options.callsReachEventBus === true) recorder.onCall = apiCallEvents(accountId, trails, bus, delivery);

  const front = await startFront({
    ...{ clock, authorize, recorder, faults, passOn: (call) => moto.forward(call) },
    authenticator: { accountId, admin, keys, sessions },
    operations: new Map(
      Object.entries({
        ...accessKeyOperations(moto, keys),
        ...userOperations(moto, keys),
        ...credentialReportOperations(accountId, moto, keys, clock),
        ...userBoundaryOperations(moto),
        ...stsOperations(accountId, moto, sessions),
        ...lambdaOperations({ accountId, moto, functions, invoker, authorize }),
        ...withLabelEvents(
          {
            ...secretOperations(accountId, moto, secrets, clock),
            ...valueOperations(new KeyUse(moto, authorize), secrets, rotations, clock),
          },
          ...([secrets, bus] as const),
        ),
        ...rotationOperations(secrets, rotations, steps, clock),
        ...trailOperations(moto, trails),
        ...lookupEvents(accountId, recorder, () => rotations.events()),
        ...alarmStates({ accountId, clock, moto, bus }),
        ...logGroupKeyOperations(moto),
        ...rollouts.operations(),
        ...putEvents(bus),
        ...keyPolicyOperations(accountId, moto),
        ...ruleOperations(moto, bus),
      }),
    ),
    ...{ connections, killInvocation: (id) => invoker.kill(id) },
  });
  endpoint = `http://127.0.0.1:${front.port}`;

  return {
    ...{ endpoint, accountId, region, adminCredentials: admin },
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: admin.accessKeyId,
      AWS_SECRET_ACCESS_KEY: admin.secretAccessKey,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
    },
    clientConfig: (credentials = admin) => ({ endpoint, region, credentials }),
    get clockShiftMs() {
      return clock.shiftMs;
    },
    set clockShiftMs(shiftMs: number) {
      clock.shiftMs = shiftMs;
    },
    now: () => clock.now(),
    letPass(ms) {
      clock.shiftMs += ms;
      invoker.clockWasSet();
    },
    calls: () => recorder.calls(),
    events: () => rotations.events(),
    busEvents: () => bus.events(),
    putServiceEvent: (region, event) => {
      bus.put(region, event);
    },
    eventsDelivered: () => bus.settled(),
    functionErrors: (functionName) => invoker.errorsOf(functionName),
    functionThrottles: (functionName) => invoker.throttlesOf(functionName),
    functionLogs: (functionName) => invoker.logOf(functionName),
    rotationsSettled: (secretArn) => rotations.settled(secretArn),
    hinderCopy(secretName, copyRegion, obstacle) {
      const copy = secrets.find(secretName, region)?.replicas.get(copyRegion);
      if (copy === undefined) throw new Error(`${secretName} has no copy in ${copyRegion}`);
      copy.obstacle = obstacle;
    },
    hinderRollouts(serviceArn, obstacle) {
      rollouts.hinder(serviceArn, obstacle);
    },
    inject: (rule) => faults.inject(rule),
    async stop() {
      stopping.abort();
      await Promise.all([rotations.stop(), invoker.stop(), bus.stop()]);
      await front.stop();
      await running.stop();
      zips.remove();
    },
  };
}
