import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { AuditTrail } from './audit-trail';
import { IamEventForwarding } from './iam-event-forwarding';
import { SuspiciousActs } from './suspicious-acts';
import type { WatchTarget } from './watch-target';
import type { Watched } from './watched';
import { iamEventsRegion } from '../aws/aws-place';
import type { AwsPlace } from '../aws/aws-place';
import type { StackConfiguration } from '../config/configuration';
import type { JournalTable } from '../journal-table/journal-table';
import type { FunctionDefaults } from '../node-function/node-function-props';
import { secretArnReference } from '../rotated-user/key-secret';

/** CloudTrail tells EventBridge of a read in the region where it happens, and the rules are in the stack's. */
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

  constructor(scope: Construct, id: string, props: AuditProps) {
    super(scope, id);
    const { auditTrail } = props.configuration;
    if (auditTrail.kind === 'none') {
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
    const { defaults, place, providerIn } = props;
    const region = iamEventsRegion(place.partition);
    if (region === undefined || region === place.region) {
      return [];
    }
    const provider = providerIn(region);
    return new IamEventForwarding(this, 'IamEvents', { watched, provider, region, defaults }).parts;
  }
}

function watchedOf({ configuration, place }: AuditProps): Watched {
  const { deployRoleArn, prefix, secretPrefix, users } = configuration;
  return {
    place,
    prefix,
    secretPrefix,
    deployRoleArn,
    users: users.map(({ key, userName, readers, selfRenewal }) => ({
      stableKey: key,
      userName,
      // A user that renews its own key reads its secret as well as those who are named.
      readers:
        selfRenewal && readers.length > 0
          ? [...readers, `arn:${place.partition}:iam::${place.accountId}:user/${userName}`]
          : readers,
      secretArn: secretArnReference(key),
    })),
  };
}
