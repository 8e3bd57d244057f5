import type { RotationStep } from '../../contract/function-events';

/** A call of a rotation in which nothing goes wrong, and what needs it. */
export interface ReasonedCall {
  readonly call: string;
  readonly what: string;
  readonly why: string;
}

const [IAM, SM, STS, DB, EB] = ['IAM', 'Secrets Manager', 'STS', 'DynamoDB', 'EventBridge'] as const;
const call = (service: string, action: string, what: string, why: string): ReasonedCall => ({
  call: `${service} ${action}`,
  what,
  why,
});

const SETTINGS = call(
  DB,
  'GetItem',
  'settings',
  'They alone say which user belongs to which secret (R8, R9).',
);
const LEASE = call(
  DB,
  'UpdateItem',
  'take the lease, read the journal',
  'One at a time changes the keys of a user (R6).',
);
const BACK = call(DB, 'UpdateItem', 'give the lease back', 'The next one need not wait for a minute.');
const PROOF = call(
  STS,
  'GetCallerIdentity',
  'with the new key',
  'A key becomes current only after it was proved (R2): a new one comes and goes for some seconds.',
);

/** In order. A test compares them with what a rotation really calls. */
export const ROTATION_CALLS: Readonly<Record<RotationStep, readonly ReasonedCall[]>> = {
  createSecret: [
    SETTINGS,
    call(
      SM,
      'DescribeSecret',
      'labels',
      'A repetition of a rotation that is over ends here, without a lease.',
    ),
    LEASE,
    call(
      SM,
      'DescribeSecret',
      'labels',
      'Under the lease: is this rotation under way, and what did an earlier attempt leave (R5)?',
    ),
    call(SM, 'GetSecretValue', 'of the token', 'A key that was stored is not made twice (R6).'),
    call(
      SM,
      'DescribeSecret',
      'labels',
      'Settling may have taken a minute. Still under way? The version that AWSCURRENT is on is noted for finishSecret.',
    ),
    call(
      IAM,
      'ListAccessKeys',
      '',
      'Is a slot free? And the keys before the attempt: after a crash, the one that is new is ours (R4, R5).',
    ),
    call(DB, 'UpdateItem', 'announce the attempt', 'Written before the key is made (R5).'),
    call(IAM, 'CreateAccessKey', '', 'The new key.'),
    call(DB, 'UpdateItem', 'the id of the new key', 'From here on its id is known for certain (R4).'),
    call(SM, 'PutSecretValue', 'AWSPENDING', 'Its secret is nowhere else.'),
    BACK,
    call(EB, 'PutEvents', 'Key Created', 'People and audit; nothing rests on it.'),
  ],
  setSecret: [SETTINGS],
  testSecret: [
    SETTINGS,
    call(
      SM,
      'DescribeSecret',
      'labels',
      'Is this rotation under way, or a test of the configuration (F 1.6)?',
    ),
    call(
      DB,
      'GetItem',
      'journal',
      'Is it the rotation that the journal announced? Without a lease, because proving takes minutes.',
    ),
    call(SM, 'GetSecretValue', 'of the token', 'The key that is to be proved.'),
    PROOF,
    PROOF,
    PROOF,
    LEASE,
    call(DB, 'UpdateItem', 'proved', 'Without it finishSecret refuses the key (R2).'),
    BACK,
  ],
  finishSecret: [
    SETTINGS,
    LEASE,
    call(
      SM,
      'DescribeSecret',
      'labels',
      'Is AWSCURRENT where createSecret saw it (R1)? Has the secret copies?',
    ),
    call(DB, 'UpdateItem', 'announce the promotion', 'After a crash, the key may have been current (R3).'),
    call(
      IAM,
      'ListAccessKeys',
      '',
      'Immediately before the move: the new key is there and Active (R1). Previous keys that are gone leave the journal.',
    ),
    call(SM, 'UpdateSecretVersionStage', 'AWSCURRENT', 'The promotion.'),
    call(DB, 'UpdateItem', 'the promotion', 'The overlap begins now (R3).'),
    call(
      SM,
      'UpdateSecretVersionStage',
      'AWSPENDING off',
      'Otherwise Secrets Manager takes the rotation for incomplete (F 1.10).',
    ),
    BACK,
    call(EB, 'PutEvents', 'Key Promoted', 'People and audit; nothing rests on it.'),
  ],
};

/** @throws Error where the rotation has another call in this place than it should have. */
export function callReason(step: RotationStep, index: number, name: string): ReasonedCall {
  const reasoned = ROTATION_CALLS[step][index];
  if (reasoned?.call === name) return reasoned;
  throw new Error(
    `Call ${index + 1} of ${step} is ${name}, and bench/support/rotation-calls.ts has ${reasoned?.call ?? 'none'} there. ` +
      'Write there what needs it, and take the figures again: npm run bench -- calls.',
  );
}
