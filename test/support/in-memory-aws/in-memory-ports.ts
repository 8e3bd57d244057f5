import { CallRefusedError } from '../../../handlers/core/model/call-errors';
import { targetName } from '../../../contract/delivery';
import type { AcknowledgementStore } from '../../../handlers/core/model/acknowledgements';
import type { DeliverAllPorts, OutsidePorts } from '../../../handlers/core/delivery/delivery-ports';
import type { EmergencyStore } from '../../../handlers/core/model/emergencies';
import type { SweepPorts } from '../../../handlers/core/retirement/retirement-ports';
import type { Instant } from '../../../contract/instant';
import { SecretMaterial } from '../../../contract/secret-material';
import { NO_METRICS } from '../../../handlers/core/telemetry/no-metrics';
import { portsUpon, type AwsPorts } from './answers-not-of-aws';
import type { Doer } from './events';
import type { CallSite, Gate } from './gate';
import { createdAt } from './iam';
import type { InMemoryAws } from './in-memory-aws';
import { call, unanswered } from './refusals';
import { draw, lagOf, REMOVAL_LAG, type Weather } from './weather';

/** Takes the events and metrics of a process. They change no key, so they have no weather and meet no fault. */
export type Listener = Pick<SweepPorts, 'lifecycle' | 'metrics' | 'findings'>;

export const NOBODY: Listener = {
  lifecycle: { note: () => undefined, flush: () => Promise.resolve(), send: () => Promise.resolve(true) },
  metrics: NO_METRICS,
  findings: { write: () => Promise.resolve() },
};

/** What one process (one invocation of a function) is known by. */
export interface ProcessIdentity {
  readonly number: number;
  readonly weather: Weather;
  /** How far this process's clock is from the true time. */
  readonly skew: number;
  /** Secrets Manager begins a rotation that this process asked for. */
  requestRotation(secretArn: string): string | undefined;
  /** Takes what the process logs. */
  log(level: 'info' | 'warn' | 'error', message: string, fields: unknown): void;
  /** @default none */
  readonly listener?: Listener;
}

type Port = Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>;

/** Everything that any process may need. */
export type AllPorts = SweepPorts &
  DeliverAllPorts & { readonly acknowledgements: AcknowledgementStore; readonly emergencies: EmergencyStore };

/** The ports of one process onto the in-memory AWS. Every call passes the gate and has its own weather. */
export function inMemoryPorts(aws: InMemoryAws, gate: Gate, process: ProcessIdentity): AllPorts {
  const { weather } = process;
  let listedAsOf: Instant | undefined;
  let describedAsOf: Instant | undefined;
  let journalAsOf: Instant | undefined;
  const lastUsedOf = new Set<string>();
  let calls = 0;
  let holders = 0;

  const doer = (): Doer => ({
    by: 'product',
    sight: {
      process: process.number,
      listedAsOf,
      describedAsOf,
      journalAsOf,
      lastUsedOf: new Set(lastUsedOf),
    },
  });
  /** The moment that an answer given now is as of. */
  const asOf = (now: Instant, most: number): Instant =>
    most === 0 ? now : now - lagOf(most, draw(weather.seed, process.number, calls));

  /** The call that is being made, to be made of the product's adapters, too. */
  let upon: CallSite['upon'];

  function pass<Result>(site: CallSite, perform: (now: Instant) => Result): Promise<Result> {
    calls += 1;
    return gate.pass({ ...site, upon }, perform);
  }
  const read = (name: CallSite['name'], about: string): CallSite => ({ name, about, mutates: false });
  const act = (name: CallSite['name'], about: string): CallSite => ({ name, about, mutates: true });

  const ports: AwsPorts = {
    keys: {
      list: (userName) =>
        pass(read(call.listAccessKeys, userName), (now) => {
          const seen = asOf(now, weather.listing);
          const listed = aws.iam.list(userName, seen);
          listedAsOf = seen;
          return listed;
        }),
      create: (userName) => {
        const by = doer();
        return pass(act(call.createAccessKey, userName), (now) => {
          const key = aws.iam.create(userName, now, by);
          return {
            id: key.id,
            status: 'Active' as const,
            createdAt: createdAt(key),
            secretAccessKey: new SecretMaterial(key.secret),
          };
        });
      },
      activate: (userName, keyId) => {
        const by = doer();
        return pass(act(call.updateAccessKey, `${keyId} Active`), (now) =>
          aws.iam.setStatus(userName, keyId, 'Active', now, by),
        );
      },
      deactivate: (userName, keyId) => {
        const by = doer();
        return pass(act(call.updateAccessKey, `${keyId} Inactive`), (now) =>
          aws.iam.setStatus(userName, keyId, 'Inactive', now, by),
        );
      },
      delete: (userName, keyId) => {
        const by = doer();
        return pass(act(call.deleteAccessKey, keyId), (now) => {
          try {
            aws.iam.delete(userName, keyId, now, by);
          } catch (error) {
            // The port takes a key that is gone for deleted.
            if (!(error instanceof CallRefusedError && error.kind === 'notFound')) throw error;
          }
        });
      },
      lastUsed: (keyId) =>
        pass(read(call.getAccessKeyLastUsed, keyId), (now) => {
          const use = aws.iam.lastUsed(keyId, asOf(now, weather.lastUsed));
          lastUsedOf.add(keyId);
          return use;
        }),
    },
    secrets: {
      describe: (secretArn) =>
        pass(read(call.describeSecret, ''), (now) => {
          const seen = asOf(now, weather.secret);
          const description = aws.secretsManager.describe(secretArn, seen);
          describedAsOf = seen;
          return description;
        }),
      read: (secretArn, version) =>
        pass(read(call.getSecretValue, 'versionId' in version ? version.versionId : version.label), (now) => {
          const stored = aws.secretsManager.read(
            secretArn,
            version,
            asOf(now, weather.value ?? weather.secret),
          );
          return stored && { versionId: stored.versionId, text: new SecretMaterial(stored.text) };
        }),
      put: (secretArn, { versionId, text, label }) => {
        const by = doer();
        return pass(act(call.putSecretValue, `${label} on ${versionId}`), (now) =>
          aws.secretsManager.put(secretArn, { versionId, text: text.reveal(), label }, now, by),
        );
      },
      moveLabel: (secretArn, label, move) => {
        const by = doer();
        return pass(
          act(call.updateSecretVersionStage, `${label} from ${move.from ?? '-'} to ${move.to}`),
          (now) => aws.secretsManager.moveLabel(secretArn, label, move, now, by),
        );
      },
      removeLabel: (secretArn, label, from) => {
        const by = doer();
        return pass(act(call.updateSecretVersionStage, `${label} off ${from}`), (now) =>
          aws.secretsManager.removeLabel(secretArn, label, from, now, by),
        );
      },
    },
    probe: {
      callerIdentity: ({ accessKeyId, secretAccessKey }) => {
        const by = doer();
        return pass(read(call.getCallerIdentity, accessKeyId), (now) => {
          const alive = aws.iam.key(accessKeyId)?.status.now === 'Active';
          const most = alive ? weather.newKey : Math.min(weather.newKey, REMOVAL_LAG);
          return aws.iam.callerIdentity(accessKeyId, secretAccessKey.reveal(), asOf(now, most), now, by);
        });
      },
    },
    journals: {
      read: (stableKey) =>
        pass(read(call.getItem, `journal ${stableKey}`), (now) => {
          const record = aws.table.read(stableKey);
          journalAsOf = now;
          return record;
        }),
      acquire: (stableKey, lease, at) =>
        pass(act(call.updateItem, `take lease ${lease.holder}`), (now) => {
          const record = aws.table.acquire(stableKey, lease, at);
          if (record !== undefined) journalAsOf = now;
          return record;
        }),
      write: (stableKey, lease, journal) => {
        const by = doer();
        return pass(act(call.updateItem, 'write journal'), (now) => {
          aws.table.write(stableKey, lease, journal, now, by);
          journalAsOf = now;
        });
      },
      announceRemoval: (stableKey, secretArn) =>
        pass(act(call.updateItem, 'announce removal'), () => aws.table.announceRemoval(stableKey, secretArn)),
      release: (stableKey, holder) =>
        pass(act(call.updateItem, `give lease ${holder} back`), () => aws.table.release(stableKey, holder)),
    },
    acknowledgements: {
      read: (stableKey) =>
        pass(read(call.getItem, `acknowledgements ${stableKey}`), () =>
          aws.table.acknowledgements(stableKey),
        ),
      add: (stableKey, { keyId, at }) =>
        pass(act(call.updateItem, `acknowledge ${keyId}`), () => aws.table.acknowledge(stableKey, keyId, at)),
    },
    emergencies: {
      read: (whose) => pass(read(call.getItem, `emergency ${whose}`), () => aws.table.emergency(whose)),
      begin: (whose, since, before) =>
        pass(act(call.updateItem, `begin emergency ${whose}`), () =>
          aws.table.beginEmergency(whose, since, before),
        ),
    },
    deliveries: {
      read: (stableKey) =>
        pass(read(call.getItem, `deliveries ${stableKey}`), () => aws.table.deliveries(stableKey)),
    },
    deliveryJournals: {
      acquire: (stableKey, lease, at) =>
        pass(act(call.updateItem, `take delivery lease ${lease.holder}`), () =>
          aws.table.acquireDeliveries(stableKey, lease, at),
        ),
      write: (stableKey, lease, written) => {
        const by = doer();
        return pass(act(call.updateItem, 'write deliveries'), (now) =>
          aws.table.writeDeliveries(stableKey, lease, written, now, by),
        );
      },
      release: (stableKey, holder) =>
        pass(act(call.updateItem, `give delivery lease ${holder} back`), () =>
          aws.table.releaseDeliveries(stableKey, holder),
        ),
    },
    secretTargets: {
      read: (target) =>
        pass(read(call.getSecretValue, targetName(target)), (now) => {
          const text = aws.targets.read(targetName(target), asOf(now, weather.value ?? weather.secret));
          return text === undefined ? undefined : new SecretMaterial(text);
        }),
      put: (target, text) => {
        const by = doer();
        return pass(act(call.putSecretValue, targetName(target)), (now) =>
          aws.targets.put(targetName(target), text.reveal(), now, by),
        );
      },
    },
    parameterTargets: {
      put: (target, text) => {
        const by = doer();
        return pass(act(call.putParameter, targetName(target)), (now) =>
          aws.targets.put(targetName(target), text.reveal(), now, by),
        );
      },
    },
    restartTargets: {
      lastRollout: (target) =>
        pass(read(call.describeServices, targetName(target)), (now) =>
          aws.services.lastRollout(targetName(target), now),
        ),
      restart: (target) =>
        pass(act(call.updateService, targetName(target)), (now) =>
          aws.services.restart(targetName(target), now),
        ),
    },
    tokens: {
      read: (id) =>
        pass(read(call.getSecretValue, `secret ${id}`), (now) => {
          const text = aws.targets.read(`secret ${id}`, asOf(now, weather.secret));
          return text === undefined ? undefined : new SecretMaterial(text);
        }),
    },
    settings: {
      read: (stableKey) =>
        pass(read(call.getItem, `settings ${stableKey}`), () => aws.table.readSettings(stableKey)),
    },
    rotations: {
      request: (secretArn) => pass(act(call.rotateSecret, ''), () => process.requestRotation(secretArn)),
    },
    directory: {
      list: () =>
        pass(read(call.scan, ''), (now) => {
          journalAsOf = now;
          return aws.table.list();
        }),
    },
    sweeps: {
      begin: (run, at) => pass(act(call.updateItem, 'begin sweep'), () => aws.table.beginSweep(run, at)),
      end: (holder, resumeAfter) =>
        pass(act(call.updateItem, 'end sweep'), () => aws.table.endSweep(holder, resumeAfter)),
    },
    trail: {
      recentUses: (keyId) => pass(read(call.lookupEvents, keyId), () => []),
    },
  };
  /** TLS: nothing else can answer in the place of what is asked. */
  const overTls = (site: CallSite): CallSite => ({
    ...site,
    upon: () => Promise.reject(unanswered(site.name)),
  });
  const passOutside = <Result>(site: CallSite, perform: (now: Instant) => Result): Promise<Result> => {
    upon = overTls(site).upon;
    return pass(site, perform);
  };
  const outside: OutsidePorts = {
    githubSecrets: {
      open: (target) =>
        passOutside(read(call.githubGet, targetName(target)), (now) => {
          aws.targets.requireThere(targetName(target), call.githubGet);
          return {
            token: new SecretMaterial('token'),
            keyId: String(now),
            publicKey: 'a',
            visibilities: {},
          };
        }),
      put: (target, _place, name, text) => {
        const by = doer();
        return passOutside(act(call.githubPut, `${targetName(target)} ${name}`), (now) =>
          aws.targets.putPart(targetName(target), name, text.reveal(), now, by),
        );
      },
    },
    httpsTargets: {
      send: ({ url, body }) => {
        const by = doer();
        return passOutside(act(call.httpsPut, `address ${url}`), (now) =>
          aws.targets.put(`address ${url}`, body.reveal(), now, by),
        );
      },
    },
  };
  const noting = <Name extends keyof AwsPorts>(name: Name): AwsPorts[Name] =>
    Object.fromEntries(
      Object.entries(ports[name] as unknown as Port).map(([method, make]) => [
        method,
        (...args: unknown[]) => {
          upon = (answer) => (portsUpon[answer][name] as unknown as Port)[method]!(...args);
          return make(...args);
        },
      ]),
    ) as unknown as AwsPorts[Name];

  return {
    keys: noting('keys'),
    secrets: noting('secrets'),
    probe: noting('probe'),
    journals: noting('journals'),
    acknowledgements: noting('acknowledgements'),
    emergencies: noting('emergencies'),
    deliveries: noting('deliveries'),
    deliveryJournals: noting('deliveryJournals'),
    secretTargets: noting('secretTargets'),
    parameterTargets: noting('parameterTargets'),
    restartTargets: noting('restartTargets'),
    tokens: noting('tokens'),
    ...outside,
    settings: noting('settings'),
    rotations: noting('rotations'),
    directory: noting('directory'),
    sweeps: noting('sweeps'),
    trail: noting('trail'),
    clock: {
      now: () => gate.now() + process.skew,
      sleep: (duration) => gate.sleep(duration),
    },
    log: {
      info: (message, fields) => process.log('info', message, fields),
      warn: (message, fields) => process.log('warn', message, fields),
      error: (message, fields) => process.log('error', message, fields),
    },
    ...(process.listener ?? NOBODY),
    newHolder: () => `holder-${String(process.number).padStart(24, '0')}-${(holders += 1)}`,
  };
}
