/*
 * The evaluation itself is @cloud-copilot/iam-simulate, which is under the AGPL: a development dependency, imported
 * under `test/` alone, and never by anything that is bundled, published or deployed.
 */
import { runSimulation, runUnsafeSimulation, type Simulation } from '@cloud-copilot/iam-simulate';

/** One policy document, as AWS has it. */
export interface Policy {
  readonly name: string;
  readonly document: unknown;
}

/** What a call, or AWS on behalf of a call, asks IAM for. */
export interface AccessRequest {
  /** ARN of a user or role, or the DNS name of a service. */
  readonly principal: string;
  /** `iam:CreateAccessKey` */
  readonly action: string;
  readonly resource: string;
  /** Whose the resource is. */
  readonly accountId: string;
  /** Condition keys and their values. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** All policies that have a say. */
export interface Policies {
  readonly identity: readonly Policy[];
  /** Absent: the principal has none. */
  readonly boundary?: Policy;
  /** Of the resource. Absent: it has none. */
  readonly resource?: unknown;
}

export type Decision = 'Allowed' | 'ImplicitlyDenied' | 'ExplicitlyDenied';

/** What IAM would say, resources and conditions included. */
export async function evaluate(request: AccessRequest, policies: Policies): Promise<Decision> {
  const { principal, action, resource, accountId, context } = request;
  const simulation = withKnownKeys({
    request: {
      ...{ principal, action, resource: { resource, accountId } },
      contextVariables: Object.fromEntries(
        Object.entries(context).map(([key, value]) => [key, typeof value === 'string' ? value : [...value]]),
      ),
    },
    identityPolicies: policies.identity.map(named),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(policies.boundary === undefined ? {} : { permissionBoundaryPolicies: [named(policies.boundary)] }),
    ...(policies.resource === undefined ? {} : { resourcePolicy: policies.resource }),
  });
  // The library checks a resource against the kinds that an action has, and knows CreateLogStream on log groups only,
  // where AWS asks for the stream.
  if (action === 'logs:CreateLogStream') return runUnsafeSimulation(simulation, {});
  const result = await runSimulation(simulation, {});
  if (result.resultType !== 'error') return result.overallResult;
  throw new Error(`${action} on ${resource} cannot be evaluated: ${JSON.stringify(result.errors)}`);
}

const named = ({ name, document }: Policy): { name: string; policy: unknown } => ({ name, policy: document });

/**
 * The library drops condition keys that an action does not have, as IAM does, and takes these for such keys: it
 * knows them by their placeholder alone.
 */
const withKnownKeys = (simulation: Simulation): Simulation =>
  JSON.parse(
    JSON.stringify(simulation).replaceAll(
      /kms:EncryptionContext:(SecretARN|PARAMETER_ARN)/g,
      'kms:EncryptionContext:${EncryptionContextKey}',
    ),
  ) as Simulation;
