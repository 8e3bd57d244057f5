import { fileWithStack, fileWithUser, itRefuses } from '../refusal';

itRefuses("a tag of AWS's own", fileWithStack("tags: { 'aws:team': x }"))`
rotation.yaml:5:13 stacks.production.tags["aws:team"]
  found  the tag 'aws:team'
  rule   tag keys that begin with 'aws:' are AWS's own
  write  team:`;

itRefuses('a tag of ours', fileWithStack("tags: { 'iam-key-rotation:owner': x }"))`
rotation.yaml:5:13 stacks.production.tags["iam-key-rotation:owner"]
  found  the tag 'iam-key-rotation:owner'
  rule   tag keys that begin with 'iam-key-rotation:' are written by iam-key-rotation itself
  write  owner:`;

itRefuses('a tag with signs that AWS refuses', fileWithUser("tags: { 'team!': x }"))`
rotation.yaml:7:17 stacks.production.users.ci-deployer.tags["team!"]
  found  the tag 'team!'
  rule   a tag key has 1 to 128 letters, digits, spaces and _.:/=+-@
  write  team:`;

itRefuses(
  "a tag that differs from the stack's only in case",
  fileWithStack('tags: { Team: a }', 'users: { ci-deployer: { tags: { team: b } } }'),
)`
rotation.yaml:6:37 stacks.production.users.ci-deployer.tags.team
  found  the tag 'team'
  rule   IAM takes tag keys that differ only in case for the same, and there is 'Team' already
  write  Team:`;

itRefuses(
  "tags that are too many with the stack's",
  fileWithStack(
    'tags: { s0: x, s1: x, s2: x, s3: x, s4: x, s5: x, s6: x, s7: x, s8: x, s9: x, s10: x, s11: x, s12: x, s13: x, s14: x, s15: x, s16: x, s17: x, s18: x, s19: x, s20: x, s21: x, s22: x, s23: x, s24: x, s25: x, s26: x, s27: x, s28: x, s29: x }',
    'users: { ci-deployer: { tags: { u0: x, u1: x, u2: x, u3: x, u4: x, u5: x, u6: x, u7: x, u8: x, u9: x, u10: x } } }',
  ),
)`
rotation.yaml:6:29 stacks.production.users.ci-deployer.tags
  found  41 tags with those of stacks.production
  rule   a user has up to 40 tags: AWS allows 50, of which we and the console need some
  write  at most 10 tags here`;
