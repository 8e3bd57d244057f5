import { setTimeout as sleep } from 'node:timers/promises';

import { RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

import type { RecordedCall } from '../front/recorder';
import type { LocalAws } from '../local-aws';
import type { ServiceEvent } from '../secrets-manager/rotation-events';

/** Something that happened in a rotation, seconds after it was asked for. */
export type Moment = { readonly seconds: number } & (
  | { readonly kind: 'asked'; readonly token: string }
  /** Secrets Manager invokes the function. */
  | { readonly kind: 'step'; readonly step: string }
  /** The function changes something. */
  | { readonly kind: 'act'; readonly call: RecordedCall }
  /** The function tries the new key. */
  | { readonly kind: 'proof'; readonly keyId: string; readonly refusal: string | undefined }
  | { readonly kind: 'ended'; readonly event: ServiceEvent }
);

const ACTS = [
  'CreateAccessKey',
  'UpdateAccessKey',
  'DeleteAccessKey',
  'PutSecretValue',
  'UpdateSecretVersionStage',
];
const POLL_MS = 50;

/** Has Secrets Manager rotate a secret, and gives what happens as it happens, from the calls that AWS received. */
export async function* followRotation(
  aws: LocalAws,
  {
    secretArn,
    knownKeyIds,
    signal,
  }: { readonly secretArn: string; readonly knownKeyIds: readonly string[]; readonly signal: AbortSignal },
): AsyncGenerator<Moment> {
  await aws.rotationsSettled();
  const [began, callsBefore, eventsBefore] = [aws.now(), aws.calls().length, aws.events().length];
  const secrets = new SecretsManagerClient(aws.clientConfig());
  const { VersionId: token = '' } = await secrets.send(new RotateSecretCommand({ SecretId: secretArn }));
  const secondsAt = (time: Date): number => (time.getTime() - began.getTime()) / 1000;
  yield { kind: 'asked', seconds: 0, token };

  let [seen, step] = [callsBefore, ''];
  for (;;) {
    // Before the calls are read: whatever belongs to a rotation that has ended is among them.
    const ended = aws
      .events()
      .slice(eventsBefore)
      .find((event) => event.eventName !== 'RotationStarted' && event.requestID.endsWith(token));
    const calls = aws.calls();
    for (const call of calls.slice(seen)) {
      const moment = momentOf(call, step, knownKeyIds);
      if (moment === undefined) continue;
      if (moment.kind === 'step') ({ step } = moment);
      yield { seconds: secondsAt(call.time), ...moment };
    }
    seen = calls.length;
    if (ended !== undefined) {
      yield { kind: 'ended', seconds: secondsAt(aws.now()), event: ended };
      return;
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

type WithoutTime<Timed> = Timed extends unknown ? Omit<Timed, 'seconds'> : never;

function momentOf(
  call: RecordedCall,
  step: string,
  knownKeyIds: readonly string[],
): WithoutTime<Moment> | undefined {
  const { action, principal, accessKeyId, service, errorCode } = call;
  if (action === 'Invoke' && principal?.type === 'service') {
    return { kind: 'step', step: String(call.parameters['Step']) };
  }
  if (principal?.invocationId !== undefined && ACTS.includes(action)) return { kind: 'act', call };
  // Until the last step only the function knows the new key.
  const isNew = accessKeyId !== undefined && !knownKeyIds.includes(accessKeyId);
  if (step === 'testSecret' && service === 'sts' && isNew) {
    return { kind: 'proof', keyId: accessKeyId, refusal: errorCode };
  }
  return undefined;
}
