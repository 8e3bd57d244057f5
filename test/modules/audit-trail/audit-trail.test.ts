import type { NewAuditTrailConfiguration } from '../../../modules/config/configuration';
import { aStack, aUser } from '../support/configurations';
import { synthesize } from '../support/synthesize';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';

const withTrail = (own: Partial<NewAuditTrailConfiguration> = {}, protection = true) =>
  synthesize(
    aStack([aUser('a')], { protection, auditTrail: { kind: 'create', retentionDays: 400, ...own } }),
  );

describe('the audit trail', () => {
  const stack = withTrail();

  it('records the management events of all regions, with those of IAM, and signs its files', () => {
    expect(stack.at('aws_cloudtrail.trail')).toMatchObject({
      name: 'iam-key-rotation',
      s3_bucket_name: '${aws_s3_bucket.trail.id}',
      is_multi_region_trail: true,
      include_global_service_events: true,
      enable_log_file_validation: true,
      enable_logging: true,
      depends_on: expect.arrayContaining(['aws_s3_bucket_policy.trail']),
    });
  });

  it('records every change of an item of this table, and no other data event, as those cost', () => {
    expect(stack.at('aws_cloudtrail.trail')['advanced_event_selector']).toEqual([
      expect.objectContaining({ field_selector: [{ field: 'eventCategory', equals: ['Management'] }] }),
      expect.objectContaining({
        field_selector: [
          { field: 'eventCategory', equals: ['Data'] },
          { field: 'resources.type', equals: ['AWS::DynamoDB::Table'] },
          { field: 'resources.ARN', equals: ['${aws_dynamodb_table.journal.arn}'] },
          { field: 'readOnly', equals: ['false'] },
        ],
      }),
    ]);
  });

  it('keeps its records in versions, encrypted, closed to the public, and for as long as was asked', () => {
    expect(stack.at('aws_s3_bucket.trail')).toMatchObject({
      bucket: 'iam-key-rotation-trail-111122223333',
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
    expect(stack.at('aws_s3_bucket_versioning.trail')).toMatchObject({
      versioning_configuration: { status: 'Enabled' },
    });
    expect(stack.at('aws_s3_bucket_public_access_block.trail')).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(stack.at('aws_s3_bucket_server_side_encryption_configuration.trail')).toMatchObject({
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } }],
    });
    expect(stack.at('aws_s3_bucket_lifecycle_configuration.trail')).toMatchObject({
      rule: [{ status: 'Enabled', expiration: [{ days: 400 }] }],
    });
  });

  it('encrypts with a customer key where one is named', () => {
    const encrypted = withTrail({ kmsKeyArn: KEY });

    expect(encrypted.at('aws_cloudtrail.trail')).toMatchObject({ kms_key_id: KEY });
    expect(encrypted.at('aws_s3_bucket_server_side_encryption_configuration.trail')).toMatchObject({
      rule: [
        { apply_server_side_encryption_by_default: { sse_algorithm: 'aws:kms', kms_master_key_id: KEY } },
      ],
    });
  });

  it('alone writes to its bucket, and everybody else needs TLS even to read', () => {
    const { Statement } = stack.json('aws_s3_bucket_policy.trail', 'policy') as { Statement: object[] };
    const trail = 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/iam-key-rotation';

    expect(Statement).toEqual([
      expect.objectContaining({
        Action: 's3:GetBucketAcl',
        Condition: { StringEquals: { 'aws:SourceArn': trail } },
      }),
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: '${aws_s3_bucket.trail.arn}/AWSLogs/111122223333/*',
        Condition: {
          StringEquals: { 'aws:SourceArn': trail, 's3:x-amz-acl': 'bucket-owner-full-control' },
        },
      }),
      expect.objectContaining({
        Effect: 'Deny',
        Principal: { AWS: ['*'] },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
      expect.objectContaining({
        Effect: 'Deny',
        Action: ['s3:DeleteBucket', 's3:DeleteObject', 's3:DeleteObjectVersion'],
      }),
    ]);
  });

  it('can be thrown away with a stack that is not protected', () => {
    const unprotected = withTrail({}, false);

    expect(unprotected.at('aws_s3_bucket.trail')).toMatchObject({
      force_destroy: true,
      lifecycle: { prevent_destroy: false },
    });
    expect(unprotected.at('aws_cloudtrail.trail')).toMatchObject({ lifecycle: { prevent_destroy: false } });
    expect(JSON.stringify(unprotected.json('aws_s3_bucket_policy.trail', 'policy'))).not.toContain('Delete');
  });

  it('is left by a destroy that is refused, as are the rules that watch', () => {
    expect(stack.at('aws_lambda_invocation.a_removal_guard')['depends_on']).toEqual(
      expect.arrayContaining([
        'aws_cloudtrail.trail',
        'aws_s3_bucket.trail',
        'aws_cloudwatch_event_rule.watch-keys',
        'aws_cloudwatch_event_target.iam-events',
      ]),
    );
  });

  it('sets nothing that only version 6 of the provider knows', () => {
    for (const address of stack.addresses.filter((some) => /^aws_(s3|cloudtrail|cloudwatch)/.test(some))) {
      expect(stack.at(address)).not.toHaveProperty('region');
    }
  });
});

describe('suspicious acts', () => {
  const stack = synthesize(aStack([aUser('a')], { auditTrail: { kind: 'existing' } }));

  it('are written to the log group and told to people, and what cannot be told is kept', () => {
    expect(stack.at('aws_cloudwatch_event_target.watch-keys')).toMatchObject({
      arn: '${aws_cloudwatch_log_group.suspicious-acts.arn}',
    });
    expect(stack.at('aws_cloudwatch_event_target.watch-keys_notify')).toMatchObject({
      arn: '${aws_lambda_function.notify.arn}',
      dead_letter_config: { arn: '${aws_sqs_queue.notify-failed.arn}' },
    });
    expect(JSON.stringify(stack.json('aws_sqs_queue_policy.notify-failed', 'policy'))).toContain(
      ':rule/iam-key-rotation-watch-*',
    );
  });

  it('are told by rules of the stack alone', () => {
    expect(stack.at('aws_lambda_permission.suspicious-acts_notify')).toMatchObject({
      function_name: 'iam-key-rotation-notify',
      principal: 'events.amazonaws.com',
      source_arn: 'arn:aws:events:eu-west-1:111122223333:rule/iam-key-rotation-watch-*',
    });
  });
});

describe('what lets EventBridge write to the log group', () => {
  const POLICY = 'aws_cloudwatch_log_resource_policy.suspicious-acts';
  const stackWith = (logPolicy: 'own' | 'ofAllShards' | 'ofAnotherShard') =>
    synthesize(
      aStack([aUser('a')], {
        ...{ prefix: 'iam-key-rotation-two', sharded: true, logPolicy },
        auditTrail: { kind: 'existing' },
      }),
    );

  it('is for the log group of the stack alone, where it has no shards', () => {
    expect(JSON.stringify(stackWith('own').json(POLICY, 'policy_document'))).toContain(
      '${aws_cloudwatch_log_group.suspicious-acts.arn}:*',
    );
  });

  it('is for the log groups of all shards, and has a name of the shard that makes it', () => {
    const stack = stackWith('ofAllShards');

    expect(JSON.stringify(stack.json(POLICY, 'policy_document'))).toContain(
      'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/events/iam-key-rotation-*:*',
    );
    expect(stack.at(POLICY)).toMatchObject({ policy_name: 'iam-key-rotation-two-suspicious-acts' });
  });

  it('is not made by the other shards', () => {
    expect(stackWith('ofAnotherShard').addresses).not.toContain(POLICY);
    expect(stackWith('ofAnotherShard').addresses).toContain('aws_cloudwatch_event_target.watch-keys');
  });
});

describe('what the plan says of a trail', () => {
  it('is what the policy of a customer key has to allow CloudTrail', () => {
    const statements = JSON.parse(
      withTrail({ kmsKeyArn: KEY }).outputs['audit_kms_key_policy_statements'] as string,
    ) as unknown;

    expect(statements).toEqual([
      {
        Sid: 'TrailEncrypts',
        Effect: 'Allow',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey*'],
        Resource: '*',
        Condition: {
          StringEquals: {
            'aws:SourceArn': 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/iam-key-rotation',
          },
        },
      },
    ]);
    expect(withTrail().outputs).not.toHaveProperty('audit_kms_key_policy_statements');
  });

  it('is in which regions copies are read unnoticed, and whose', () => {
    const copied = synthesize(
      aStack([aUser('a', { replicas: [{ region: 'eu-central-1' }] }), aUser('b')], {
        auditTrail: { kind: 'existing' },
      }),
    );

    expect(copied.outputs['audit']).toMatchObject({
      'reads of the copy of a in eu-central-1': expect.stringContaining('not watched') as string,
    });
  });
});

describe('R11: the Terraform addresses of what a trail brings', () => {
  const OF_RULES = [
    ...['keys', 'own-keys', 'secrets', 'table', 'table-2'],
    ...['watch', 'watch-2', 'records'],
  ].flatMap((name) => [
    `aws_cloudwatch_event_rule.watch-${name}`,
    `aws_cloudwatch_event_target.watch-${name}`,
    `aws_cloudwatch_event_target.watch-${name}_notify`,
  ]);
  const ofAudit = (own: Parameters<typeof aStack>[1]) => {
    const without = new Set(synthesize(aStack([aUser('a')])).addresses);
    return synthesize(aStack([aUser('a')], own)).addresses.filter((address) => !without.has(address));
  };
  const WATCH = [
    ...OF_RULES,
    'aws_cloudwatch_log_group.suspicious-acts',
    'aws_cloudwatch_log_resource_policy.suspicious-acts',
    'aws_lambda_permission.suspicious-acts_notify',
    // What Secrets Manager itself reports comes by the trail, too.
    'aws_cloudwatch_event_rule.notify-aws',
    'aws_cloudwatch_event_target.notify-aws',
    'aws_lambda_permission.notify-aws',
  ];
  const FORWARDING = [
    'aws_cloudwatch_event_rule.iam-events',
    'aws_cloudwatch_event_target.iam-events',
    'aws_iam_role.iam-events',
    'aws_iam_role_policy.iam-events',
  ];

  it('do not change where the trail is somebody else’s', () => {
    expect(ofAudit({ auditTrail: { kind: 'existing' } })).toEqual([...WATCH, ...FORWARDING].sort());
  });

  it('do not change in the region where IAM’s events arrive anyway', () => {
    expect(ofAudit({ auditTrail: { kind: 'existing' }, region: 'us-east-1' })).toEqual([...WATCH].sort());
  });

  it('do not change where the trail is made', () => {
    expect(ofAudit({ auditTrail: { kind: 'create', retentionDays: 400 } })).toEqual(
      [
        ...WATCH,
        ...FORWARDING,
        'aws_cloudtrail.trail',
        'aws_s3_bucket.trail',
        'aws_s3_bucket_lifecycle_configuration.trail',
        'aws_s3_bucket_ownership_controls.trail',
        'aws_s3_bucket_policy.trail',
        'aws_s3_bucket_public_access_block.trail',
        'aws_s3_bucket_server_side_encryption_configuration.trail',
        'aws_s3_bucket_versioning.trail',
      ].sort(),
    );
  });
});

describe('a stack without a trail', () => {
  it('has the provider of IAM’s region all the same: Terraform removes with it what a trail had there', () => {
    const { provider } = JSON.parse(synthesize(aStack([aUser('a')])).text) as {
      provider: { aws: { alias?: string; region: string }[] };
    };

    expect(provider.aws).toContainEqual(
      expect.objectContaining({ alias: 'iam_events', region: 'us-east-1' }),
    );
  });

  it('says in its plan that acts of others are not noticed', () => {
    const stack = synthesize(aStack([aUser('a')]));

    expect(stack.outputs['audit']).toEqual({
      trail: expect.stringContaining('none: suspicious acts are not'),
    });
    expect(stack.addresses.filter((address) => /event_rule\.watch-|cloudtrail/.test(address))).toEqual([]);
  });
});
