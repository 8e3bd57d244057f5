import type { Principal } from './principal';

/** How a service writes requests, answers and errors. */
export type Protocol = 'query' | 'json' | 'rest-json' | 'rest-xml' | 'cbor';

/** One call of an AWS API, as it came in over HTTP. */
export interface ApiCall {
  readonly id: string;
  readonly method: string;
  /** Path and query exactly as received. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The name that the request was signed for: `iam`, `secretsmanager`, `monitoring`, … */
  readonly service: string;
  readonly region: string;
  readonly protocol: Protocol;
  /** `CreateAccessKey`; for REST services that the sandbox does not know in detail: method and path. */
  readonly action: string;
  /** The request's members, wherever the protocol put them. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A call whose signature was checked. */
export interface AuthenticatedCall extends ApiCall {
  readonly principal: Principal;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What the sandbox does itself instead of, or around, passing a call on to moto. */
export type Operation = (call: AuthenticatedCall) => Promise<ApiAnswer>;

/** By `service:Action`. */
export type OperationTable = Readonly<Record<string, Operation>>;

/** Refuses a call, in the words of the service. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    /** What else the error says, where it is written as JSON. */
    readonly members: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}
