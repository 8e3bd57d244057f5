import type { Milliseconds } from './instant';

/** `critical`: a key has stopped working, or will, or somebody else has one, or nobody watches any more. */
type Severity = 'critical' | 'warning';

/** What the text about a fault names. Whoever does not know a part gives a placeholder: see `placeholders`. */
export interface FaultFacts {
  /** The stack's prefix. */
  readonly prefix: string;
  /** The stable key. */
  readonly user: string;
  /** The IAM user's name. */
  readonly userName: string;
  /** Name or ARN of the user's secret. */
  readonly secret: string;
  /** Undefined: whether users share one function is not known. */
  readonly rotationFunction?: string | undefined;
}

/** Who finds a fault. */
export type FoundBy =
  /** The retirement function's visit to a user finds it, begin and end: see `VisitFault`. */
  | VisitFault
  /** Alone an alarm on the fault's gauge, which a run of the retirement function records of the stack. */
  | { readonly by: 'run' }
  /** The rotation function's own event, an alarm, and Secrets Manager's events where there is a trail. */
  | { readonly by: 'rotation' }
  /** The event of a first key (`terraform apply`), once. Nothing reports its end. */
  | { readonly by: 'firstKey' }
  /** Alone an alarm on metrics of AWS, or on the heartbeat. */
  | { readonly by: 'alarm' }
  /** Secrets Manager's own events. They arrive only where there is a trail. */
  | { readonly by: 'secretsManager' }
  /** AWS's own report of a leaked key, once. Nothing reports its end. */
  | { readonly by: 'leakReport' }
  /** Rules on what CloudTrail records of other principals. */
  | { readonly by: 'trail' };

export interface VisitFault {
  readonly by: 'visit';
  /** What has to be looked at to find it: only a visit that came so far says that it is over. */
  readonly looksAt: 'user' | 'keys';
  /** For how long it has to last until people are notified. 0: at once. */
  readonly confirmedAfter: Milliseconds;
}

/** A metric that every run of the retirement function records. */
export interface Gauge {
  /** In CloudWatch. */
  readonly name: string;
  /** On the dashboard. */
  readonly label: string;
  /** As a table describes it. */
  readonly meaning: string;
  /** `user`: of the stack, and with `metrics: { perUser: true }` of each user. `stack`: of the stack alone. */
  readonly of: 'user' | 'stack';
  /** `findings`: how many are open of the faults with this gauge. `measured`: see handlers/core/retirement/gauges.ts. */
  readonly counts: 'findings' | 'measured';
  /** How the values of the users make the value of the stack. */
  readonly ofStack: 'sum' | 'maximum';
}

export type WatchedFunction = 'rotation' | 'retirement' | 'notification';
export type WatchedQueue = 'retirement' | 'notification';

/** A metric that an alarm watches. */
export type MetricSource =
  | { readonly metric: 'Errors' | 'Throttles'; readonly ofFunction: WatchedFunction }
  | { readonly metric: 'messages'; readonly inQueue: WatchedQueue }
  /** One of ours, of the stack or of the user whose function is watched. The sum of each period. */
  | { readonly metric: CountedMetric };

/** The metrics of ours, other than gauges, that alarms watch. */
export type CountedMetric = 'RotationFailed' | 'RotationDeferred' | 'SweepCompleted';

/** By the name that the alarm's expression has for it: a lower-case word. */
export type MetricSources = Readonly<Record<string, MetricSource>>;

/** What an alarm watches: the fault's gauge, or a sum. Functions that a stack does not have are left out of the sum. */
export type Watched =
  | 'gauge'
  | {
      readonly sumOf: MetricSources;
      /** Taken off it. */
      readonly less?: MetricSources;
      /** Watched in a stack where no rotation function has an alarm. */
      readonly withoutFunctionAlarms?: MetricSource;
    };

/** When an alarm goes off. */
export interface AlarmTiming {
  /** 60 to 604,800 together with the number of periods; from an hour on, or all periods within a day. */
  readonly periodSeconds: number;
  readonly periods: number;
  /** How many of the periods have to breach. */
  readonly breaching: number;
  /** What a period without data counts as; `ignore`: the alarm stays as it is. */
  readonly missingData: 'breaching' | 'notBreaching' | 'ignore';
}

/**
 * An alarm of CloudWatch. Its name is `<prefix>/<kind>`, or `<prefix>/<stable key>/<kind>` where it watches one user's
 * function; its Terraform address is `<kind>`, or `<stable key>_<kind>`, in which `kind` is in kebab case or in snake case.
 */
export interface FaultAlarm extends AlarmTiming {
  readonly watches: Watched;
  /** Goes off above this. */
  readonly above?: number;
  /** Goes off below this. */
  readonly below?: number;
  /**
   * End of the Terraform address of a user's alarm, where it was published under another name than the kind's: a new
   * address would make Terraform delete the alarm of the same name after it has made it anew.
   */
  readonly userAddress?: string;
  /**
   * Whether CloudWatch itself publishes to the topics that the stack did not make, too.
   * @default false
   */
  readonly alsoDirectly?: boolean;
}

/** Something that people are notified of. */
export interface Fault {
  /** Begins a message: a subject and a verb. ASCII, at most 64 characters, no full stop. */
  readonly title: string;
  readonly severity: Severity;
  /** What it means, in sentences. */
  readonly meaning: string;
  /** What to do first, in sentences. */
  readonly firstStep: (facts: FaultFacts) => string;
  readonly foundBy: FoundBy;
  readonly gauge?: Gauge;
  readonly alarm?: FaultAlarm;
}
