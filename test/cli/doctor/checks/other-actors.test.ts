import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';

import { CouldNotLookError } from '../../../../cli/doctor/check';
import { otherActors } from '../../../../cli/doctor/checks/other-actors';
import { contextOf, settingsOf, type Situation } from '../support/context';

const cloudTrail = mockClient(CloudTrailClient);
const iam = mockClient(IAMClient);
const AUTOMATION = 'arn:aws:sts::111122223333:assumed-role/config-remediation/1234';
const OWN = 'arn:aws:sts::111122223333:assumed-role/iam-key-rotation-retire/iam-key-rotation-retire';

const act = (arn: string, userName: string, status = 'Inactive', errorCode?: string) => ({
  EventTime: new Date('2026-11-20T10:00:00Z'),
  CloudTrailEvent: JSON.stringify({
    userIdentity: { arn },
    requestParameters: { userName, status },
    errorCode,
  }),
});

const found = async (
  events: readonly object[],
  roles: readonly string[] = [],
  situation: Situation = {},
): Promise<readonly string[]> => {
  cloudTrail.reset();
  iam.reset();
  cloudTrail.on(LookupEventsCommand).resolves({ Events: [...events] });
  iam.on(ListRolesCommand).resolves({ Roles: roles.map((RoleName) => ({ RoleName })) as never });
  const context = contextOf({
    resources: {
      aws_secretsmanager_secret: { ci: { name: 'iam-key-rotation/ci' } },
      aws_dynamodb_table_item: { ci: settingsOf('ci') },
      aws_iam_role: { retire: { name: 'iam-key-rotation-retire' } },
    },
    ...situation,
  });
  return (await otherActors.run(context)).map((finding) => `${finding.subject}: ${finding.found}`);
};

describe('the check of other actors', () => {
  it('finds who else deactivated keys of the users, once for each', async () => {
    expect(await found([act(AUTOMATION, 'ci'), act(AUTOMATION, 'ci'), act(OWN, 'ci')])).toEqual([
      `${AUTOMATION}: It deactivated 2 keys of ci, last on 2026-11-20T10:00:00.000Z.`,
    ]);
  });

  it('finds nothing in what the functions do, in other users, activations, and what AWS refused', async () => {
    const others = [
      act(OWN, 'ci'),
      act(AUTOMATION, 'of-others'),
      act(AUTOMATION, 'ci', 'Active'),
      act(AUTOMATION, 'ci', 'Inactive', 'AccessDenied'),
    ];
    expect(await found(others)).toEqual([]);
  });

  it('finds a user who deactivates its own key, and names in another case', async () => {
    const arn = 'arn:aws:iam::111122223333:user/ci';
    const own = {
      EventTime: new Date('2026-11-20T10:00:00Z'),
      CloudTrailEvent: JSON.stringify({
        userIdentity: { type: 'IAMUser', arn, userName: 'ci' },
        requestParameters: { status: 'Inactive', accessKeyId: 'AKIA1EXAMPLE' },
      }),
    };
    expect(await found([own, act(AUTOMATION, 'CI')])).toEqual([
      `${arn}: It deactivated 1 key of ci, last on 2026-11-20T10:00:00.000Z.`,
      `${AUTOMATION}: It deactivated 1 key of ci, last on 2026-11-20T10:00:00.000Z.`,
    ]);
  });

  it('knows a role of the stack from a record that names the role of a session', async () => {
    const arn = 'arn:aws:iam::111122223333:role/teams/iam-key-rotation-retire';
    expect(await found([act(arn, 'ci')])).toEqual([]);
  });

  it('counts records that cannot be read, and keeps what it found', async () => {
    const unreadable = { EventTime: new Date(0), CloudTrailEvent: '{"userIdentity":"somebody"}' };
    const looked = found([unreadable, act(AUTOMATION, 'ci')]);

    await expect(looked).rejects.toThrow(
      '1 of the 2 events UpdateAccessKey in us-east-1 hold no record that can be read.',
    );
    await expect(looked).rejects.toMatchObject({ findings: [{ subject: AUTOMATION }] });
  });

  it('says where there are more events than it reads', async () => {
    const events = Array.from({ length: 1_001 }, () => act(AUTOMATION, 'ci'));
    await expect(found(events)).rejects.toThrow(
      'There are more than 1000 events UpdateAccessKey in us-east-1: those before 2026-11-20T10:00:00.000Z were not read.',
    );
  });

  it('could not look in a partition in which it is not known where the events of IAM arrive', async () => {
    const looked = found([], ['SO0111-RevokeUnrotatedKeys-x'], {
      callerArn: 'arn:aws-new:iam::111122223333:user/admin',
    });
    await expect(looked).rejects.toThrow(CouldNotLookError);
    await expect(looked).rejects.toMatchObject({ findings: [{ subject: 'SO0111-RevokeUnrotatedKeys-x' }] });
  });

  it('looks where the events of IAM arrive', async () => {
    await found([]);
    const [call] = cloudTrail.commandCalls(LookupEventsCommand);
    const client = call!.thisValue as CloudTrailClient;
    expect(await client.config.region()).toBe('us-east-1');
  });

  it('finds the role with which Automated Security Response deactivates keys', async () => {
    expect(await found([], ['SO0111-RevokeUnrotatedKeys-x', 'SO0111-Other', 'mine'])).toEqual([
      "SO0111-RevokeUnrotatedKeys-x: AWS's Automated Security Response can deactivate keys in this account.",
    ]);
  });
});
