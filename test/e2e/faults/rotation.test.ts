import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { Lanes } from './support/lanes';
import { countCalls, mishapsOf } from './support/mishaps';

jest.setTimeout(600_000);

/**
 * Every call of a rotation that changes something, in order: of a user without overlap, whose key before last is due to
 * be deleted. It is the rotation with the most to do.
 */
const CHANGES = countCalls([
  ['createSecret takes the lease', 'dynamodb:UpdateItem'],
  ['the key before last is deleted', 'iam:DeleteAccessKey'],
  ['and taken out of the journal', 'dynamodb:UpdateItem'],
  ['the attempt is announced', 'dynamodb:UpdateItem'],
  ['the new key', 'iam:CreateAccessKey'],
  ['its id is journaled', 'dynamodb:UpdateItem'],
  ['it is stored', 'secretsmanager:PutSecretValue'],
  ['createSecret gives the lease back', 'dynamodb:UpdateItem'],
  ['testSecret takes the lease', 'dynamodb:UpdateItem'],
  ['the proof is journaled', 'dynamodb:UpdateItem'],
  ['testSecret gives the lease back', 'dynamodb:UpdateItem'],
  ['finishSecret takes the lease', 'dynamodb:UpdateItem'],
  ['the promotion is announced', 'dynamodb:UpdateItem'],
  ['AWSCURRENT is moved', 'secretsmanager:UpdateSecretVersionStage'],
  ['the promotion is journaled', 'dynamodb:UpdateItem'],
  ['AWSPENDING is taken off', 'secretsmanager:UpdateSecretVersionStage'],
  ['the deactivation is announced', 'dynamodb:UpdateItem'],
  ['the former key is deactivated', 'iam:UpdateAccessKey'],
  ['the deactivation is journaled', 'dynamodb:UpdateItem'],
  ['finishSecret gives the lease back', 'dynamodb:UpdateItem'],
]);

const READS = ['GetItem', 'DescribeSecret', 'GetSecretValue', 'ListAccessKeys', 'GetCallerIdentity'];

describeWithTools('a rotation in which one call goes wrong', () => {
  const lanes = new Lanes();
  const recorded = lanes.add((lane) => lane.recordRotation());
  const endings = new Map(
    mishapsOf(CHANGES).map((mishap) => [mishap, lanes.add((lane) => lane.rotateThrough([mishap]))]),
  );

  beforeAll(() => lanes.open(6));
  afterAll(() => lanes.close());

  it('is about every call that changes something', async () => {
    const changes = (await recorded()).filter((call) => !READS.includes(call.split(':')[1]!));

    expect(changes).toEqual(CHANGES.map(({ service, action }) => `${service}:${action}`));
  });

  it.each([...endings.keys()])('comes to a good end: $name', async (mishap) => {
    const ending = await endings.get(mishap)!();

    expect(ending).toEqual({
      struck: mishap.times,
      served: ending.served.map(() => 'the user'),
      keys: ['former Inactive', 'current Active'],
      labels: ['AWSCURRENT', 'AWSPREVIOUS'],
    });
  });
});
