import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { healthBackupRegion, type OnLeak } from '../../contract/leaks';
import { iamEventsRegion, type AwsPlace } from '../aws/aws-place';
import { DEFAULT_PREFIX, functionName, sharedFunctionName } from '../aws/names';
import type { JournalTableReference } from '../journal-table/journal-table';
import type { EventListener } from '../node-function/event-rule';
import type { FunctionDefaults } from '../node-function/node-function-props';
import { LeakForwarding, type LeakForwardingProps } from './leak-forwarding';
import { LeakResponder } from './leak-responder';
import { LeakRules } from './leak-rules';

export interface LeakResponseProps {
  /** The stack's name. */
  readonly stackName: string;
  /**
   * Of all names on AWS.
   * @default "iam-key-rotation"
   */
  readonly prefix?: string;
  /**
   * `notify`: people are told. `replace`: the key of a rotated user is replaced besides.
   * @default "notify"
   */
  readonly onLeak?: OnLeak;
  /**
   * With `replace`: the stable key of the one user for drills. Whoever may put events on the account's bus can then have its key
   * replaced, so it is a user whose key nobody needs.
   * @default none: there is no drill
   */
  readonly leakDrill?: string | undefined;
  /**
   * Whether each user has a rotation function of its own.
   * @default "per-user"
   */
  readonly functions?: 'per-user' | 'shared';
  /** The users whose keys may be replaced. */
  readonly stableKeys: readonly string[];
  /** What tells people: `RotationAlarms.notification`. */
  readonly notification: EventListener;
  readonly table: JournalTableReference;
  readonly place: AwsPlace;
  /** @default {} */
  readonly defaults?: FunctionDefaults;
  /** A provider for another region of the account; asked only where one is needed. */
  readonly providerIn: (region: string) => AwsProvider;
}

/** Of what the rules invoke, among their targets. */
export const targetIdOf = (onLeak: OnLeak = 'notify'): string =>
  onLeak === 'replace' ? 'respond-to-leaks' : 'notify-people';

/** What hears AWS report a leaked key, and answers. */
export class LeakResponse extends Construct {
  readonly parts: readonly ITerraformDependable[];
  /** Absent with `notify`. */
  readonly responder: LeakResponder | undefined;

  constructor(scope: Construct, id: string, props: LeakResponseProps) {
    super(scope, id);
    const { defaults = {}, functions = 'per-user', notification, place, prefix = DEFAULT_PREFIX } = props;
    const drillUser = props.onLeak === 'replace' ? props.leakDrill : undefined;
    this.responder =
      props.onLeak === 'replace'
        ? new LeakResponder(this, 'Responder', {
            ...{ prefix, functions, place, defaults, queueArn: notification.queueArn },
            ...{ stackName: props.stackName, table: props.table, drillUser },
            rotating:
              functions === 'shared' || props.stableKeys.length === 0
                ? [sharedFunctionName(prefix)]
                : props.stableKeys.map((stableKey) => functionName(prefix, stableKey)),
          })
        : undefined;
    const rules = new LeakRules(this, 'Rules', {
      ...{ prefix, place, listener: this.responder ?? notification },
      targetId: targetIdOf(props.onLeak),
      hearsDrills: drillUser !== undefined,
    });
    const forwarding = this.#forward({
      ...{ prefix, place, defaults, providerIn: props.providerIn },
      bringsDrills: drillUser !== undefined,
    });
    props.table.precede?.(this);
    this.parts = [...(this.responder?.ready ?? []), ...rules.parts, ...forwarding];
  }

  /** From where IAM's and Health's events arrive, and Health's second region; nobody knows where in some partitions. */
  #forward({
    providerIn,
    ...props
  }: Omit<LeakForwardingProps, 'from'> &
    Pick<LeakResponseProps, 'providerIn'>): readonly ITerraformDependable[] {
    const { partition, region: here } = props.place;
    const from = [
      { region: iamEventsRegion(partition), address: 'leak-events' },
      { region: healthBackupRegion(partition), address: 'leak-events-backup' },
    ].flatMap(({ region, address }) =>
      region === undefined || region === here ? [] : [{ region, address, provider: providerIn(region) }],
    );
    return from.length === 0 ? [] : new LeakForwarding(this, 'Forwarding', { ...props, from }).parts;
  }
}
