import type { NewAuditTrailConfiguration } from '../../../modules/config/configuration';
import { aStack, aUser } from '../support/configurations';
import { synthesize } from '../support/synthesize';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';

const withTrail = (own: Partial<NewAuditTrailConfiguration> = {}, protection = true) =>
  synthesize(
    aStack([aUser('a')], { protection, auditTrail: { kind: 'create', retentionDays: 400, ...own } }),
  );

const stack = withTrail();

it('the audit trail can be thrown away with a stack that is not protected', () => {
  const unprotected = withTrail({}, false);

  expect(unprotected.at('aws_s3_bucket.trail')).toMatchObject({
    force_destroy: true,
    lifecycle: { prevent_destroy: false },
  });
  expect(unprotected.at('aws_cloudtrail.trail')).toMatchObject({ lifecycle: { prevent_destroy: false } });
  expect(JSON.stringify(unprotected.json('aws_s3_bucket_policy.trail', 'policy'))).not.toContain('Delete');
});

it('the audit trail is left by a destroy that is refused, as are the rules that watch', () => {
  expect(stack.at('aws_lambda_invocation.a_removal_guard')['depends_on']).toEqual(
    expect.arrayContaining([
      'aws_cloudtrail.trail',
      'aws_s3_bucket.trail',
      'aws_cloudwatch_event_rule.watch-keys',
      'aws_cloudwatch_event_target.iam-events',
    ]),
  );
});

it('the audit trail sets nothing that only version 6 of the provider knows', () => {
  for (const address of stack.addresses.filter((some) => /^aws_(s3|cloudtrail|cloudwatch)/.test(some))) {
    expect(stack.at(address)).not.toHaveProperty('region');
  }
});

it('the audit trail keeps its records for as long as was asked, with AWS’s own key unless another is named', () => {
  expect(stack.at('aws_cloudtrail.trail')).not.toHaveProperty('kms_key_id');
  expect(stack.at('aws_s3_bucket_server_side_encryption_configuration.trail')).toMatchObject({
    rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } }],
  });
  expect(stack.at('aws_s3_bucket_lifecycle_configuration.trail')).toMatchObject({
    rule: [{ status: 'Enabled', expiration: [{ days: 400 }] }],
  });
});

it('suspicious acts are written to the log group and told to people, and what cannot be told is kept', () => {
  expect(stack.at('aws_cloudwatch_event_target.watch-keys')).toMatchObject({
    arn: '${aws_cloudwatch_log_group.suspicious-acts.arn}',
  });
  expect(stack.at('aws_cloudwatch_event_target.watch-keys_notify')).toMatchObject({
    arn: '${aws_lambda_function.notify.arn}',
    dead_letter_config: { arn: '${aws_sqs_queue.notify-failed.arn}' },
  });
});

const POLICY = 'aws_cloudwatch_log_resource_policy.suspicious-acts';
const stackWith = (logPolicy: 'own' | 'ofAllShards' | 'ofAnotherShard') =>
  synthesize(
    aStack([aUser('a')], {
      ...{ prefix: 'iam-key-rotation-two', sharded: true, logPolicy },
      auditTrail: { kind: 'existing' },
    }),
  );

it('the policy that lets EventBridge write is for the log group of the stack alone, where it has no shards', () => {
  expect(JSON.stringify(stackWith('own').json(POLICY, 'policy_document'))).toContain(
    '${aws_cloudwatch_log_group.suspicious-acts.arn}:*',
  );
});

it('the policy that lets EventBridge write is for the log groups of all shards, and has a name of the shard that makes it', () => {
  const stack = stackWith('ofAllShards');

  expect(JSON.stringify(stack.json(POLICY, 'policy_document'))).toContain(
    'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/events/iam-key-rotation-*:*',
  );
  expect(stack.at(POLICY)).toMatchObject({ policy_name: 'iam-key-rotation-two-suspicious-acts' });
});

it.each([
  ['own', 'iam-key-rotation-two-watch-*'],
  ['ofAllShards', 'iam-key-rotation-*watch-*'],
] as const)(
  'the policy that lets EventBridge write admits no rule but those of the watch: %s',
  (logPolicy, rules) => {
    expect(stackWith(logPolicy).json(POLICY, 'policy_document')).toMatchObject({
      Statement: [
        { Action: 'logs:CreateLogStream' },
        {
          Action: 'logs:PutLogEvents',
          Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:events:eu-west-1:111122223333:rule/${rules}` } },
        },
      ],
    });
  },
);

it('the policy that lets EventBridge write is not made by the other shards', () => {
  expect(stackWith('ofAnotherShard').addresses).not.toContain(POLICY);
  expect(stackWith('ofAnotherShard').addresses).toContain('aws_cloudwatch_event_target.watch-keys');
});

it('the plan says what the policy of a customer key has to allow CloudTrail only where there is such a key', () => {
  expect(withTrail({ kmsKeyArn: KEY }).outputs).toHaveProperty('audit_kms_key_policy_statements');
  expect(stack.outputs).not.toHaveProperty('audit_kms_key_policy_statements');
});

it('the plan says in which regions copies are read unnoticed, and whose', () => {
  const copied = synthesize(
    aStack([aUser('a', { replicas: [{ region: 'eu-central-1' }] }), aUser('b')], {
      auditTrail: { kind: 'existing' },
    }),
  );

  expect(copied.outputs['audit']).toMatchObject({
    'reads of the copy of a in eu-central-1': expect.stringContaining('not watched') as string,
  });
});

it('R11: a trail of somebody else brings the addresses that one of ours brings, but for trail and bucket', () => {
  const existing = synthesize(aStack([aUser('a')], { auditTrail: { kind: 'existing' } })).addresses;
  const inUsEast1 = { auditTrail: { kind: 'existing' }, region: 'us-east-1' } as const;

  expect(existing).toEqual(stack.addresses.filter((address) => !/^aws_(cloudtrail|s3_)/.test(address)));
  // Where IAM’s events arrive anyway, nothing has to bring them.
  expect(synthesize(aStack([aUser('a')], inUsEast1)).addresses).toEqual(
    existing.filter((address) => !/\.iam-events$|^aws_cloudwatch_.*\.leak-events$/.test(address)),
  );
});

it('a stack without a trail has the provider of IAM’s region all the same: Terraform removes with it what a trail had there', () => {
  const { provider } = JSON.parse(synthesize(aStack([aUser('a')])).text) as {
    provider: { aws: { alias?: string; region: string }[] };
  };

  expect(provider.aws).toContainEqual(expect.objectContaining({ alias: 'iam_events', region: 'us-east-1' }));
});

it('a stack without a trail says in its plan that acts of others are not noticed', () => {
  const stack = synthesize(aStack([aUser('a')]));

  expect(stack.outputs['audit']).toEqual({
    trail: expect.stringContaining('none: suspicious acts are not'),
  });
  expect(stack.addresses.filter((address) => /event_rule\.watch-|cloudtrail/.test(address))).toEqual([]);
});
