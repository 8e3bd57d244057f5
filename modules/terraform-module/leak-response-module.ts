import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

import type { ListeningPost } from '../event-forwarding/event-forwarding';
import { LeakForwarding } from '../leak-response/leak-forwarding';
import { LeakResponder } from '../leak-response/leak-responder';
import { LeakRules } from '../leak-response/leak-rules';
import { addressed } from '../terraform/address';
import { listAt } from '../terraform/json-text';
import { reference, type TerraformReference } from '../terraform/reference';
import { TerraformData } from '../terraform/terraform-data';
import { stackOfBase, type DeclaredOfBase } from './base-of-set';
import { counted } from './counted';
import { placeHere } from './place-here';

/**
 * What the resources take from release/terraform/leak-response; the build fails if that does not declare one, or declares
 * another.
 */
type Declared =
  | DeclaredOfBase
  | 'local.responder_count'
  | 'local.forwarding_count'
  | 'local.iam_events_count'
  | 'local.health_backup_count'
  | 'local.other_functions'
  | 'local.queue_arn'
  | 'local.listener_name'
  | 'local.listener_arn'
  | 'local.listener_target'
  | 'local.hears_iam_events'
  | 'local.other_iam_events'
  | 'local.hears_health_backup'
  | 'local.other_health_backup'
  | 'local.is_one_account'
  | 'local.other_account';

const take = (declared: Declared): TerraformReference => reference(declared);

/** What the module calls the providers of other regions, which its caller gives it. */
const POSTS = { iam_events: 'leak-events', health_backup: 'leak-events-backup' } as const;

/** The resources of the module `leak-response`: what hears AWS report a leaked key of a base's account, and answers. */
export class LeakResponseModule extends TerraformStack {
  constructor(scope: Construct) {
    super(scope, 'leak-response');
    const place = placeHere(this);
    const { defaults, prefix, stackName, table } = stackOfBase();
    const responder = new LeakResponder(this, 'Responder', {
      ...{ prefix, place, defaults, stackName, table, functions: 'per-user' },
      // Each user is a module of its own.
      rotating: { allBut: listAt('local.other_functions' satisfies Declared) },
      queueArn: take('local.queue_arn'),
    });
    // A permission goes with its function, which may be of another module.
    const listener = addressed(
      'leak_listener',
      new TerraformData(this, 'Listener', { triggersReplace: { arn: take('local.listener_arn') } }),
    );
    const rules = new LeakRules(this, 'Rules', {
      ...{ prefix, place, targetId: take('local.listener_target') },
      listener: {
        functionName: take('local.listener_name'),
        functionArn: take('local.listener_arn'),
        queueArn: take('local.queue_arn'),
        ready: responder.ready,
        replacedTogether: {
          replaceTriggeredBy: [`${listener.terraformResourceType}.${listener.friendlyUniqueId}`],
        },
      },
    });
    new LeakForwarding(this, 'Forwarding', {
      ...{ prefix, place, defaults },
      from: (['iam_events', 'health_backup'] as const).map((alias) => this.#post(alias)),
    });
    rules.health.resource.addOverride('lifecycle.precondition', [
      { condition: take('local.is_one_account'), error_message: take('local.other_account') },
      { condition: take('local.hears_iam_events'), error_message: take('local.other_iam_events') },
      { condition: take('local.hears_health_backup'), error_message: take('local.other_health_backup') },
    ]);
  }

  /** A listener and forwarding that Terraform alone can tell to be needed. */
  override toTerraform(): unknown {
    const responder = take('local.responder_count');
    const forwarding = take('local.forwarding_count');
    return counted(super.toTerraform(), {
      'aws_cloudwatch_log_group.respond': responder,
      'aws_iam_role.respond': responder,
      'aws_iam_role_policy.respond': responder,
      'aws_lambda_function.respond': responder,
      'aws_lambda_function_event_invoke_config.respond': responder,
      'terraform_data.respond_role': responder,
      'aws_iam_role.leak-events': forwarding,
      'aws_iam_role_policy.leak-events': forwarding,
      ...ofPost(POSTS.iam_events, take('local.iam_events_count')),
      ...ofPost(POSTS.health_backup, take('local.health_backup_count')),
    });
  }

  #post(alias: keyof typeof POSTS): ListeningPost {
    const provider = new AwsProvider(this, `${alias}-provider`, { alias });
    const region = addressed(alias, new DataAwsRegion(this, `${alias}-region`, { provider }));
    addressed(alias, new DataAwsCallerIdentity(this, `${alias}-identity`, { provider }));
    // `id` is the region's name in versions 5 and 6 of the provider.
    return { region: region.id, address: POSTS[alias], provider };
  }
}

const ofPost = (address: string, count: TerraformReference): Record<string, TerraformReference> => ({
  [`aws_cloudwatch_event_rule.${address}`]: count,
  [`aws_cloudwatch_event_target.${address}`]: count,
});
