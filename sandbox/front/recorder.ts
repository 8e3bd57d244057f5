import { History } from '../history';
import type { ApiAnswer, ApiCall } from './api-call';
import { xmlText } from './answers';
import type { Principal } from './principal';

/** One call that the local AWS answered (or cut), as CloudTrail would tell it. */
export interface RecordedCall {
  readonly id: string;
  readonly time: Date;
  /** Undefined: the caller could not be authenticated. */
  readonly principal: Principal | undefined;
  /** What the caller signed with; undefined for a service that acts by itself. */
  readonly accessKeyId: string | undefined;
  /** The name that the request was signed for: `iam`, `secretsmanager`, `dynamodb`, … */
  readonly service: string;
  readonly region: string;
  readonly action: string;
  /** The request's members without anything secret; binary contents are left out. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Undefined: nothing was answered, because a fault cut the connection. */
  readonly status: number | undefined;
  readonly errorCode: string | undefined;
  readonly userAgent: string | undefined;
  /** The key that CreateAccessKey made; undefined for every other call, and where it was refused. */
  readonly createdKeyId?: string | undefined;
}

const SECRET =
  /^(SecretString|SecretBinary|RotationToken|SecretAccessKey|SessionToken|Plaintext|.*Password)$/i;
const BULKY = /^(ZipFile|logEvents|CiphertextBlob)$/i;

export function withoutSecrets(parameters: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parameters)
      .filter(([name]) => !BULKY.test(name))
      .map(([name, value]) => [name, SECRET.test(name) ? '***' : masked(value)]),
  );
}

const masked = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? withoutSecrets(value as Record<string, unknown>)
    : value;

export class CallRecorder {
  /** Who else gets to know of every call. */
  onCall: (call: RecordedCall) => void = () => undefined;

  constructor(private readonly recorded = new History<RecordedCall>()) {}

  calls(): readonly RecordedCall[] {
    return this.recorded.all();
  }

  add(call: RecordedCall): void {
    this.recorded.add(call);
    this.onCall(call);
  }

  record(time: Date, call: ApiCall, principal: Principal | undefined, answer: ApiAnswer | undefined): void {
    this.add({
      id: call.id,
      time,
      principal,
      accessKeyId: /Credential=([^/=]+)\//.exec(call.headers['authorization'] ?? '')?.[1],
      service: call.service,
      region: call.region,
      action: call.action,
      parameters: withoutSecrets(call.parameters),
      status: answer?.status,
      errorCode: answer && answer.status >= 400 ? errorCode(answer) : undefined,
      userAgent: call.headers['user-agent'],
      createdKeyId: call.action === 'CreateAccessKey' ? createdKeyId(answer) : undefined,
    });
  }
}

const createdKeyId = (answer: ApiAnswer | undefined): string | undefined =>
  answer?.status === 200 ? xmlText(answer.body.toString('utf8'), 'AccessKeyId') : undefined;

function errorCode(answer: ApiAnswer): string {
  const header = answer.headers['x-amzn-errortype'];
  if (header !== undefined) return header.split(':')[0] ?? header;
  const text = answer.body.toString('utf8');
  const type = /"(?:__type|Type|code)"\s*:\s*"(?:[^"#]*#)?([^"]+)"/.exec(text)?.[1];
  return type ?? xmlText(text, 'Code') ?? String(answer.status);
}
