import { fileWithStack, fileWithUser, itRefuses } from './refusal';

describe('A value that breaks its rule', () => {
  itRefuses(
    'a duration without its unit',
    fileWithUser('overlap: 24'),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.overlap
  found  24 (a number, as it has no quotes)
  rule   a duration is a whole number with its unit: d (days), h (hours) or m (minutes)
  write  overlap: 24h`,
  );

  itRefuses(
    'a duration with a unit that is none',
    fileWithUser('gracePeriod: 1w'),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.gracePeriod
  found  '1w'
  rule   a duration is a whole number with its unit: d (days), h (hours) or m (minutes)
  write  gracePeriod: 7d`,
  );

  itRefuses(
    'a duration of two units',
    fileWithUser('maximumKeyAge: 90d12h'),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.maximumKeyAge
  found  '90d12h'
  rule   a duration is a whole number with its unit: d (days), h (hours) or m (minutes)
  write  maximumKeyAge: 90d`,
  );

  itRefuses(
    'an overlap of 0 without a unit',
    fileWithUser('overlap: 0'),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.overlap
  found  0 (a number, as it has no quotes)
  rule   a duration is a whole number with its unit: d (days), h (hours) or m (minutes)
  write  overlap: 0h`,
  );

  itRefuses(
    'an interval in minutes',
    fileWithUser('rotateEvery: 300m'),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.rotateEvery
  found  '300m'
  rule   rotateEvery is a whole number of days or hours with its unit, d or h
  write  rotateEvery: 60d`,
  );

  itRefuses(
    'a window that is no number of hours',
    fileWithUser('window: 90m'),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.window
  found  '90m'
  rule   a window is 1h to 24h, in whole hours
  write  window: 3h`,
  );

  itRefuses(
    'a schedule that is no text',
    fileWithUser('schedule: [1]'),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.schedule
  found  a list of 1 entry
  rule   a schedule is a text: a cron() or rate() expression of Secrets Manager
  write  schedule: cron(0 4 1 * ? *)`,
  );

  itRefuses(
    'an account id without quotes',
    [
      'stacks:',
      '  production:',
      '    accountId: 011122223333',
      '    region: eu-west-1',
      '    users: {}',
      '',
    ].join('\n'),
    `
rotation.yaml:3:5 stacks.production.accountId
  found  011122223333 (a number, as it has no quotes)
  rule   an account id is 12 digits in quotes; without quotes YAML reads a number, and leading zeros are lost
  write  accountId: "011122223333"`,
  );

  itRefuses(
    'a region with a typing error',
    [
      'stacks:',
      '  production:',
      "    accountId: '111122223333'",
      '    region: eu-wset-1',
      '    users: {}',
      '',
    ].join('\n'),
    `
rotation.yaml:4:5 stacks.production.region
  found  'eu-wset-1'
  rule   a region is the short name of an AWS region
  write  region: eu-west-1`,
  );

  itRefuses(
    'a prefix that begins with a digit',
    fileWithStack('prefix: 1st'),
    `
rotation.yaml:5:5 stacks.production.prefix
  found  '1st'
  rule   a prefix begins with a letter and has letters, digits, _ and -, at least 3 of them
  write  prefix: iam-key-rotation`,
  );

  itRefuses(
    'a prefix that is too short for a table',
    fileWithStack('prefix: ab'),
    `
rotation.yaml:5:5 stacks.production.prefix
  found  'ab'
  rule   a prefix begins with a letter and has letters, digits, _ and -, at least 3 of them
  write  prefix: iam-key-rotation`,
  );

  itRefuses(
    'a layout of functions that there is not',
    fileWithStack('functions: per_user'),
    `
rotation.yaml:5:5 stacks.production.functions
  found  'per_user'
  rule   functions is per-user or shared
  write  functions: per-user`,
  );

  itRefuses(
    'protection that is no word of ours',
    fileWithStack('protection: false'),
    `
rotation.yaml:5:5 stacks.production.protection
  found  false (a yes or no, as it has no quotes)
  rule   protection is on or off
  write  protection: off`,
  );

  itRefuses(
    'log retention that CloudWatch Logs does not offer',
    fileWithStack('logRetentionDays: 100'),
    `
rotation.yaml:5:5 stacks.production.logRetentionDays
  found  100 (a number, as it has no quotes)
  rule   logRetentionDays is a number without quotes, one that CloudWatch Logs offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
  write  logRetentionDays: 120`,
  );

  itRefuses(
    'log retention in quotes',
    fileWithStack("logRetentionDays: '30'"),
    `
rotation.yaml:5:5 stacks.production.logRetentionDays
  found  '30'
  rule   logRetentionDays is a number without quotes, one that CloudWatch Logs offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
  write  logRetentionDays: 30`,
  );

  itRefuses(
    'a recovery time that Secrets Manager refuses',
    fileWithStack('secretRecoveryDays: 3'),
    `
rotation.yaml:5:5 stacks.production.secretRecoveryDays
  found  3 (a number, as it has no quotes)
  rule   secretRecoveryDays is a number without unit and quotes: 0, or 7 to 30
  write  secretRecoveryDays: 30`,
  );

  itRefuses(
    'an alias in place of a KMS key',
    fileWithStack('kmsKeyArn: arn:aws:kms:eu-west-1:111122223333:alias/secrets'),
    `
rotation.yaml:5:5 stacks.production.kmsKeyArn
  found  'arn:aws:kms:eu-west-1:111122223333:alias/secrets'
  rule   a KMS key is named by the ARN of the key itself; an alias or a bare key id is not enough
  write  kmsKeyArn: arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
  );

  itRefuses(
    'a role that is no ARN',
    fileWithStack('deployRoleArn: terraform'),
    `
rotation.yaml:5:5 stacks.production.deployRoleArn
  found  'terraform'
  rule   a role is named by its ARN
  write  deployRoleArn: arn:aws:iam::111122223333:role/terraform`,
  );

  itRefuses(
    'a role path without slashes',
    fileWithStack('rolePath: service'),
    `
rotation.yaml:5:5 stacks.production.rolePath
  found  'service'
  rule   an IAM path begins and ends with '/' and has at most 512 characters, without spaces
  write  rolePath: /service/`,
  );

  itRefuses(
    'an empty bucket',
    fileWithStack("backend: { s3: { bucket: '', key: a.tfstate, region: eu-west-1 } }"),
    `
rotation.yaml:5:22 stacks.production.backend.s3.bucket
  found  '' (an empty text)
  rule   a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens
  write  bucket: tf-state`,
  );

  itRefuses(
    'a name that IAM refuses',
    fileWithUser('userName: legacy mailer'),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.userName
  found  'legacy mailer'
  rule   an IAM user name is a text of 1 to 64 letters, digits and +=,.@_-
  write  userName: legacy.mailer`,
  );

  itRefuses(
    'a name that YAML reads as a number',
    fileWithUser('userName: 42'),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.userName
  found  42 (a number, as it has no quotes)
  rule   an IAM user name is a text of 1 to 64 letters, digits and +=,.@_-
  write  userName: "42"`,
  );

  itRefuses(
    'a path that IAM refuses',
    fileWithUser('path: service'),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.path
  found  'service'
  rule   an IAM path begins and ends with '/' and has at most 512 characters, without spaces
  write  path: /service/`,
  );

  itRefuses(
    'a path with a space',
    fileWithUser('path: /my service/'),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.path
  found  '/my service/'
  rule   an IAM path begins and ends with '/' and has at most 512 characters, without spaces
  write  path: /service/`,
  );

  itRefuses(
    'a policy that is no ARN',
    fileWithUser('policyArns: [ReadOnlyAccess]'),
    `
rotation.yaml:7:22 stacks.production.users.ci-deployer.policyArns[0]
  found  'ReadOnlyAccess'
  rule   a policy is named by the ARN of a managed policy
  write  arn:aws:iam::aws:policy/ReadOnlyAccess, or one of your own account`,
  );

  itRefuses(
    'an account id in place of a reader',
    fileWithUser("readers: ['444455556666']"),
    `
rotation.yaml:7:19 stacks.production.users.ci-deployer.readers[0]
  found  '444455556666'
  rule   a reader is the ARN of a role, of a user, or of an account (:root), without wildcards
  write  arn:aws:iam::444455556666:root`,
  );

  itRefuses(
    'everybody as a reader',
    fileWithUser("readers: ['*']"),
    `
rotation.yaml:7:19 stacks.production.users.ci-deployer.readers[0]
  found  '*'
  rule   a reader is the ARN of a role, of a user, or of an account (:root), without wildcards
  write  arn:aws:iam::111122223333:role/ci`,
  );

  itRefuses(
    'a list that is a text',
    fileWithUser('readers: arn:aws:iam::111122223333:role/ci'),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.readers
  found  'arn:aws:iam::111122223333:role/ci'
  rule   readers is a list of up to 50 ARNs of roles, users or accounts
  write  readers: [arn:aws:iam::111122223333:role/ci]`,
  );

  itRefuses(
    'an empty owner',
    fileWithUser("owner: ''"),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.owner
  found  '' (an empty text)
  rule   an owner is a text of 1 to 256 letters, digits, spaces and _.:/=+-@, as it becomes a tag
  write  owner: platform-team`,
  );

  itRefuses(
    'an owner with signs that tags refuse',
    fileWithUser("owner: 'platform & friends'"),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.owner
  found  'platform & friends'
  rule   an owner is a text of 1 to 256 letters, digits, spaces and _.:/=+-@, as it becomes a tag
  write  owner: platform-team`,
  );

  itRefuses(
    'a yes in words',
    fileWithUser('existing: yes'),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.existing
  found  'yes'
  rule   a yes or no is written true or false, without quotes
  write  existing: true`,
  );

  itRefuses(
    'a boundary that is no policy',
    fileWithUser('permissionsBoundaryArn: arn:aws:iam::111122223333:role/x'),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.permissionsBoundaryArn
  found  'arn:aws:iam::111122223333:role/x'
  rule   a permissions boundary is the ARN of a managed policy
  write  permissionsBoundaryArn: arn:aws:iam::111122223333:policy/boundary`,
  );

  itRefuses(
    'an empty tag value',
    fileWithUser("tags: { team: '' }"),
    `
rotation.yaml:7:17 stacks.production.users.ci-deployer.tags.team
  found  '' (an empty text)
  rule   a tag's value is a text of 1 to 256 letters, digits, spaces and _.:/=+-@; an empty one is refused because it makes Terraform's AWS provider drop other tags
  write  team: some-value`,
  );

  itRefuses(
    'a tag value that is a number',
    fileWithUser('tags: { cost-center: 4711 }'),
    `
rotation.yaml:7:17 stacks.production.users.ci-deployer.tags.cost-center
  found  4711 (a number, as it has no quotes)
  rule   a tag's value is a text of 1 to 256 letters, digits, spaces and _.:/=+-@; an empty one is refused because it makes Terraform's AWS provider drop other tags
  write  cost-center: "4711"`,
  );

  itRefuses(
    'too many tags',
    fileWithUser(
      'tags: { t0: x, t1: x, t2: x, t3: x, t4: x, t5: x, t6: x, t7: x, t8: x, t9: x, t10: x, t11: x, t12: x, t13: x, t14: x, t15: x, t16: x, t17: x, t18: x, t19: x, t20: x, t21: x, t22: x, t23: x, t24: x, t25: x, t26: x, t27: x, t28: x, t29: x, t30: x, t31: x, t32: x, t33: x, t34: x, t35: x, t36: x, t37: x, t38: x, t39: x, t40: x }',
    ),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.tags
  found  a map of 41 keys
  rule   tags is a map of up to 40 texts
  write  tags: { team: platform }`,
  );

  itRefuses(
    'a user without a value',
    fileWithStack('users:', '  ci-deployer:'),
    `
rotation.yaml:6:7 stacks.production.users.ci-deployer
  found  nothing
  rule   a user is a map; {} if nothing more is to be said
  write  ci-deployer: {}`,
  );

  itRefuses(
    'users that are a list',
    fileWithStack('users: [ci-deployer]'),
    `
rotation.yaml:5:5 stacks.production.users
  found  a list of 1 entry
  rule   users is a map of users; {} if there are none
  write  users: {}, or a user below it, such as ci-deployer: {}`,
  );
});

describe('A key that is not in the schema', () => {
  itRefuses(
    'a typing error',
    fileWithUser('overlaps: 24h'),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.overlaps
  found  the unknown key 'overlaps'
  rule   the keys here are userName, existing, import, decommission, path, policyArns, readers, selfRenewal, sesSmtp, replicaRegions, owner, tags, permissionsBoundaryArn, takeOver, exemption, rotateEvery, schedule, window, overlap, gracePeriod, maximumKeyAge, whenStillInUse
  write  overlap (did you mean this?)`,
  );

  itRefuses(
    'a key of another place',
    fileWithStack('overlap: 24h'),
    `
rotation.yaml:5:5 stacks.production.overlap
  found  the unknown key 'overlap'
  rule   the keys here are accountId, region, prefix, deployRoleArn, deployRoleExternalId, deployRoleSessionName, backend, functions, kmsKeyArn, replicaRegions, permissionsBoundaryArn, rolePath, tags, logRetentionDays, logKmsKeyArn, protection, secretRecoveryDays, retirement, maximumDeletionsPerRun, metrics, alerts, defaults, users, include, shards
  write  overlap under defaults or a user, where it belongs`,
  );

  itRefuses(
    'a key in the wrong case',
    fileWithUser('policyARNs: []'),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.policyARNs
  found  the unknown key 'policyARNs'
  rule   the keys here are userName, existing, import, decommission, path, policyArns, readers, selfRenewal, sesSmtp, replicaRegions, owner, tags, permissionsBoundaryArn, takeOver, exemption, rotateEvery, schedule, window, overlap, gracePeriod, maximumKeyAge, whenStillInUse
  write  policyArns (did you mean this?)`,
  );

  itRefuses(
    'a key that nothing resembles',
    fileWithUser('colour: red'),
    `
rotation.yaml:7:9 stacks.production.users.ci-deployer.colour
  found  the unknown key 'colour'
  rule   the keys here are userName, existing, import, decommission, path, policyArns, readers, selfRenewal, sesSmtp, replicaRegions, owner, tags, permissionsBoundaryArn, takeOver, exemption, rotateEvery, schedule, window, overlap, gracePeriod, maximumKeyAge, whenStillInUse
  write  one of these keys, or nothing`,
  );

  itRefuses(
    'a key of the whole file',
    ['version: 1', "stacks: { a: { accountId: '111122223333', region: eu-west-1, users: {} } }", ''].join(
      '\n',
    ),
    `
rotation.yaml:1:1 version
  found  the unknown key 'version'
  rule   the keys here are defaults, include, stacks
  write  one of these keys, or nothing`,
  );
});

describe('A key that is missing', () => {
  itRefuses(
    'everything that a stack needs',
    ['stacks:', '  production: {}', ''].join('\n'),
    `
rotation.yaml:2:3 stacks.production.accountId
  found  nothing
  rule   an account id is 12 digits in quotes; without quotes YAML reads a number, and leading zeros are lost
  write  accountId: "111122223333"

rotation.yaml:2:3 stacks.production.region
  found  nothing
  rule   a region is the short name of an AWS region
  write  region: eu-west-1

rotation.yaml:2:3 stacks.production.users
  found  nothing
  rule   users is a map of users; {} if there are none
  write  users: {}, or a user below it, such as ci-deployer: {}`,
  );

  itRefuses(
    'the stacks',
    'defaults: { overlap: 24h }\n',
    `
rotation.yaml:1:1 stacks
  found  nothing
  rule   stacks has at least one stack
  write  a stack below it, such as production: with accountId, region and users`,
  );

  itRefuses(
    'any stack',
    'stacks: {}\n',
    `
rotation.yaml:1:1 stacks
  found  an empty map
  rule   stacks has at least one stack
  write  a stack below it, such as production: with accountId, region and users`,
  );

  itRefuses(
    'what the state in S3 needs',
    fileWithStack('backend: { s3: { bucket: tf-state } }'),
    `
rotation.yaml:5:16 stacks.production.backend.s3.key
  found  nothing
  rule   the state's object key is a text without spaces that does not begin with '/'
  write  key: iam-key-rotation/production.tfstate

rotation.yaml:5:16 stacks.production.backend.s3.region
  found  nothing
  rule   a region is the short name of an AWS region
  write  region: eu-west-1`,
  );
});
