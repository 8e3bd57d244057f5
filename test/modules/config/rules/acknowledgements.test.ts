import { parseConfiguration } from '../../../../modules/config/parse-configuration';
import { fileWithStack, fileWithUser, itAccepts, itRefuses, refusalOf } from '../refusal';

const acknowledgedBy = (rest: string): string => fileWithUser(`acknowledgement: { ${rest} }`);
const ofUser = (file: string) => parseConfiguration('rotation.yaml', file).stacks[0]!.users[0]!;

it('a user is acknowledged as the file says', () => {
  const file = acknowledgedBy('by: either, remindAfter: 36h, atMaximumKeyAge: retire');
  expect(ofUser(file).acknowledgement).toEqual({
    by: 'either',
    remindAfterSeconds: 129_600,
    atMaximumKeyAge: 'retire',
  });
});

it('who says only how, is reminded after 3 days, and keeps the key', () => {
  expect(ofUser(acknowledgedBy('by: use')).acknowledgement).toEqual({
    by: 'use',
    remindAfterSeconds: 259_200,
    atMaximumKeyAge: 'hold',
  });
});

it('a user that nothing is said of waits for nothing', () => {
  expect(ofUser(fileWithUser('path: /')).acknowledgement).toBeUndefined();
});

itRefuses('an acknowledgement that does not say how', acknowledgedBy('remindAfter: 3d'))`
rotation.yaml:7:9 stacks.production.users.ci-deployer.acknowledgement.by
  found  nothing
  rule   by is command, use or either
  write  by: command`;

itRefuses('an acknowledgement by something else', acknowledgedBy('by: mail'))`
rotation.yaml:7:28 stacks.production.users.ci-deployer.acknowledgement.by
  found  'mail'
  rule   by is command, use or either
  write  by: command`;

itRefuses(
  'a word of another product at the maximum key age',
  acknowledgedBy('by: use, atMaximumKeyAge: go-on'),
)`
rotation.yaml:7:37 stacks.production.users.ci-deployer.acknowledgement.atMaximumKeyAge
  found  'go-on'
  rule   atMaximumKeyAge is hold or retire
  write  atMaximumKeyAge: hold`;

itRefuses('a reminder without a unit', acknowledgedBy('by: use, remindAfter: 3'))`
rotation.yaml:7:37 stacks.production.users.ci-deployer.acknowledgement.remindAfter
  found  3 (a number, as it has no quotes)
  rule   a duration is a whole number with its unit: d (days), h (hours) or m (minutes)
  write  remindAfter: 3d`;

itRefuses('a reminder at the moment of the promotion', acknowledgedBy('by: use, remindAfter: 0d'))`
rotation.yaml:7:37 stacks.production.users.ci-deployer.acknowledgement.remindAfter
  found  '0d'
  rule   a reminder comes some time after the promotion
  write  remindAfter: 3d`;

itRefuses('a reminder that comes too late', acknowledgedBy('by: use, remindAfter: 90d'))`
rotation.yaml:7:37 stacks.production.users.ci-deployer.acknowledgement.remindAfter
  found  '90d'
  rule   a reminder comes before a key reaches maximumKeyAge, 90d
  write  remindAfter: 3d, or another one that is shorter`;

itRefuses(
  'a reminder that comes too late for the age of the stack',
  fileWithStack(
    'defaults: { maximumKeyAge: 30d, rotateEvery: 14d }',
    'users: { ci-deployer: { acknowledgement: { by: command, remindAfter: 30d } } }',
  ),
)`
rotation.yaml:6:61 stacks.production.users.ci-deployer.acknowledgement.remindAfter
  found  '30d'
  rule   a reminder comes before a key reaches maximumKeyAge, 30d
  write  remindAfter: 3d, or another one that is shorter`;

itAccepts('a reminder just before the maximum key age', acknowledgedBy('by: use, remindAfter: 89d'));
itAccepts('a reminder within the overlap', acknowledgedBy('by: use, remindAfter: 30m'));

it('a reminder is judged only by an age that can be read', () => {
  const file = fileWithUser('maximumKeyAge: 5', 'acknowledgement: { by: use, remindAfter: 400d }');
  expect(refusalOf(file).problems).toHaveLength(1);
});
