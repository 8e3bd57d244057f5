import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { AuditTrail } from './audit-trail';
import { trailKeyStatements } from './key-policy';
import { IamEventForwarding } from './iam-event-forwarding';
import type { IamEventForwardingProps } from './iam-event-forwarding';
import { SuspiciousActs } from './suspicious-acts';
import type { WatchTarget } from './watch-target';
import type { Watched } from './watched';
import { iamEventsRegion, iamUserArn, trailArn } from '../aws/aws-place';
import type { AwsPlace } from '../aws/aws-place';
import type { PolicyStatement } from '../aws/policy-document';
import { functionName, sharedFunctionName, trailName } from '../aws/names';
import type { StackConfiguration } from '../config/configuration';
import type { JournalTable } from '../journal-table/journal-table';
import type { FunctionDefaults } from '../node-function/node-function-props';
import { secretArnReference } from '../rotated-user/key-secret';

/**
 * CloudTrail tells EventBridge of a read in the region where it happens, and the rules are in the stack's (F 5.10). A rule
 * there would need a provider of that region, without which Terraform could not remove it when the copy goes.
 */
const NOT_WATCHED_THERE =
  'not watched: events of another region do not reach this one; the trail records them';

export interface AuditProps {
  readonly configuration: StackConfiguration;
  readonly place: AwsPlace;
  readonly table: JournalTable;
  readonly defaults: FunctionDefaults;
  /** Functions that are told of suspicious acts. */
  readonly targets: readonly WatchTarget[];
  /** A provider for another region of the account; asked only where one is needed. */
  readonly providerIn: (region: string) => AwsProvider;
}

/** What an auditor is shown, and what notices acts of others: as much as the configuration's trail allows. */
export class Audit extends Construct {
  /** What guards a user against removal guards these, too: a destroy that is refused leaves them. */
  readonly parts: readonly ITerraformDependable[];
  /** Absent where there is no trail. */
  readonly logGroupName?: string;
  /** What Terraform tells of it, in the plan already. */
  readonly summary: Readonly<Record<string, string>>;
  /** What the policy of the trail's customer key has to allow; empty where there is no such key. */
  readonly keyStatements: readonly PolicyStatement[];

  constructor(scope: Construct, id: string, props: AuditProps) {
    super(scope, id);
    const { auditTrail } = props.configuration;
    this.keyStatements =
      auditTrail.kind === 'create' && auditTrail.kmsKeyArn !== undefined
        ? trailKeyStatements(trailArn(props.place, trailName(props.configuration.prefix)))
        : [];
    if (auditTrail.kind === 'none') {
      // Without it Terraform cannot remove the rule that an earlier configuration made there.
      this.#iamEventsProvider(props);
      this.parts = [];
      this.summary = {
        trail: 'none: suspicious acts are not noticed; write auditTrail: existing if the account has a trail',
      };
      return;
    }
    const trail = auditTrail.kind === 'create' ? this.#makeTrail(props, auditTrail) : undefined;
    const watched = watchedOf(props);
    const forwarding = this.#forwardIamEvents(props, watched);
    const acts = new SuspiciousActs(this, 'SuspiciousActs', {
      watched,
      logPolicy: props.configuration.logPolicy,
      targets: props.targets,
      defaults: props.defaults,
    });
    props.table.precede(this);
    this.parts = [...(trail?.parts ?? []), ...forwarding, ...acts.parts];
    this.logGroupName = acts.logGroupName;
    this.summary = {
      trail: trail?.trailArn ?? 'existing',
      ...(trail === undefined ? {} : { bucket: trail.bucketName }),
      suspicious_acts: acts.logGroupName,
      ...Object.fromEntries(
        Object.entries(acts.unwatched).map(([key, reason]) => [`reads of ${key}`, `not watched: ${reason}`]),
      ),
      ...Object.fromEntries(
        props.configuration.users.flatMap(({ key, replicas }) =>
          replicas.map(({ region }) => [`reads of the copy of ${key} in ${region}`, NOT_WATCHED_THERE]),
        ),
      ),
    };
  }

  #makeTrail(
    { configuration, place, table }: AuditProps,
    { retentionDays, kmsKeyArn }: Extract<StackConfiguration['auditTrail'], { kind: 'create' }>,
  ): AuditTrail {
    const { prefix, protection } = configuration;
    return new AuditTrail(this, 'Trail', { prefix, place, table, retentionDays, kmsKeyArn, protection });
  }

  #forwardIamEvents(props: AuditProps, watched: Watched): readonly ITerraformDependable[] {
    const from = this.#iamEventsProvider(props);
    if (from === undefined) return [];
    return new IamEventForwarding(this, 'IamEvents', { watched, ...from, defaults: props.defaults }).parts;
  }

  /** Undefined: IAM's events arrive in the stack's region, or nobody knows where. */
  #iamEventsProvider({
    place,
    providerIn,
  }: AuditProps): Pick<IamEventForwardingProps, 'provider' | 'region'> | undefined {
    const region = iamEventsRegion(place.partition);
    return region === undefined || region === place.region
      ? undefined
      : { provider: providerIn(region), region };
  }
}

function watchedOf({ configuration, place }: AuditProps): Watched {
  const { deployRoleArn, functions, prefix, secretPrefix, stackPrefix, users } = configuration;
  return {
    place,
    prefix,
    stackPrefix,
    secretPrefix,
    deployRoleArn,
    rotationFunctions:
      functions === 'shared'
        ? [sharedFunctionName(prefix)]
        : users.map(({ key }) => functionName(prefix, key)),
    delivers: users.some(({ deliver }) => deliver.length > 0),
    users: users.map(({ existing, key, path, readers, selfRenewal, userName }) => ({
      stableKey: key,
      userName,
      existing,
      // Where nobody else may read it, nobody knows who may not.
      readers: selfRenewal && readers.length > 0 ? [...readers, iamUserArn(place, path, userName)] : readers,
      secretArn: secretArnReference(key),
    })),
  };
}
