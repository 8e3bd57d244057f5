import { functionName, roleName } from '../aws/names';
import { anyCase, anyOf, apiCall, noneOf, otherThan, split } from './event-pattern';
import type { EventPattern, Matcher } from './event-pattern';
import { deployerSessions, ourOrDeployerSessions } from './watched';
import type { Watched } from './watched';

/** What rotation does, and Terraform never. */
const MAKES_OR_SWITCHES = ['CreateAccessKey', 'UpdateAccessKey'];
/** What Terraform does, too, when a user goes with all that it has (`force_destroy`). */
const DELETES = ['DeleteAccessKey'];
const KEY_ACTS = [...MAKES_OR_SWITCHES, ...DELETES];

/**
 * What a user may do to itself without its name in the request: these take it from whoever calls.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateLoginProfile.html
 */
const OWN_ACTS = [
  ...KEY_ACTS,
  'ChangePassword',
  'CreateLoginProfile',
  'CreateServiceSpecificCredential',
  'DeactivateMFADevice',
  'DeleteLoginProfile',
  'DeleteServiceSpecificCredential',
  'ResetServiceSpecificCredential',
  'UpdateServiceSpecificCredential',
  'UploadSSHPublicKey',
  'UploadSigningCertificate',
];

/** Many a company has tools that tag everything. A rotation that fails because a tag is gone is reported as that. */
const TAGGING = ['TagUser', 'UntagUser', 'TagRole', 'UntagRole'];

/**
 * What is brought to the stack's region from where IAM reports: acts on keys and on what users may do by anyone but us, of
 * whichever user, since a pattern has no room for the names of all, and acts on our roles.
 */
export function iamActs(watched: Watched): EventPattern {
  const [keyActs, ...byDeployer] = keyActsByOthers(watched);
  const acts: readonly [EventPattern, ...EventPattern[]] = isDeployerKnown(watched)
    ? [
        {
          eventName: otherThan(TAGGING),
          requestParameters: { userName: [{ exists: true }] },
          userIdentity: { arn: noneOf(ourOrDeployerSessions(watched)) },
        },
        roleActsByOthers(watched),
      ]
    : [keyActs];
  return iamCall(watched, {
    readOnly: [false],
    ...anyOf([...acts, ...byDeployer, ownActs([{ exists: true }])]),
  });
}

/** A key of a rotated user is made, changed or deleted by anyone but us. */
export function actsOnKeys(watched: Watched): readonly EventPattern[] {
  return split(
    watched.users.map(({ userName }) => userName),
    (userName) =>
      iamCall(watched, {
        requestParameters: { userName: anyCase(userName) },
        ...anyOf(keyActsByOthers(watched)),
      }),
  );
}

/**
 * A rotated user makes, changes or deletes a key of its own, or gets a password or another credential: what somebody does
 * first who has found its key. IAM needs no user name in the request then, so these are told by who calls.
 */
export function actsByUsers(watched: Watched): readonly EventPattern[] {
  return split(
    watched.users.map(({ userName }) => userName),
    (userName) => iamCall(watched, ownActs(userName)),
  );
}

const ownActs = (userName: readonly Matcher[]): EventPattern => ({
  eventName: OWN_ACTS,
  requestParameters: { userName: [{ exists: false }] },
  userIdentity: { type: ['IAMUser'], userName },
});

/**
 * A user that the stack makes is renamed or deleted, or gets other rights, a group, a password. What an existing user may do
 * is somebody else's to decide. Every deployment may do that, so see `actsOnItems`.
 */
export function actsOnRights(watched: Watched): readonly EventPattern[] {
  if (!isDeployerKnown(watched)) return [];
  return split(
    watched.users.filter(({ existing = false }) => !existing).map(({ userName }) => userName),
    (userName) =>
      iamCall(watched, {
        readOnly: [false],
        requestParameters: { userName: anyCase(userName) },
        ...rightsActsByOthers(watched),
      }),
  );
}

/**
 * A role of the stack is made, trusts somebody else, or gets other rights: who has such a role is taken for one of us by
 * most other patterns. Every deployment may change roles, so see `actsOnItems`.
 */
export function actsOnRoles(watched: Watched): EventPattern | undefined {
  if (!isDeployerKnown(watched)) return undefined;
  return iamCall(watched, { readOnly: [false], ...roleActsByOthers(watched) });
}

const isDeployerKnown = (watched: Watched): boolean => deployerSessions(watched).length > 0;

/** Terraform deletes keys, and neither makes nor switches any. */
function keyActsByOthers(watched: Watched): readonly [EventPattern, ...EventPattern[]] {
  const others = { eventName: KEY_ACTS, userIdentity: { arn: noneOf(ourOrDeployerSessions(watched)) } };
  const deployer = deployerSessions(watched).map((wildcard) => ({ wildcard }));
  return deployer.length === 0
    ? [others]
    : [others, { eventName: MAKES_OR_SWITCHES, userIdentity: { arn: deployer } }];
}

const rightsActsByOthers = (watched: Watched): EventPattern => ({
  eventName: otherThan([...KEY_ACTS, ...TAGGING]),
  userIdentity: { arn: noneOf(ourOrDeployerSessions(watched)) },
});

const roleActsByOthers = (watched: Watched): EventPattern => ({
  eventName: otherThan(TAGGING),
  requestParameters: {
    roleName: [{ prefix: { 'equals-ignore-case': roleName(functionName(watched.prefix, '')) } }],
  },
  userIdentity: { arn: noneOf(deployerSessions(watched)) },
});

const iamCall = ({ place }: Watched, detail: EventPattern): EventPattern =>
  apiCall(place.accountId, ['aws.iam'], { eventSource: ['iam.amazonaws.com'], ...detail });
