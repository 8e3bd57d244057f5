import { randomBytes } from 'node:crypto';

import type { Principal } from '../front/principal';
import { randomKeyId } from '../iam/access-keys';

export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Temporary credentials that the sandbox has given out: to functions, and for AssumeRole. */
export class Sessions {
  private readonly byId = new Map<string, SessionCredentials & { readonly principal: Principal }>();

  find(accessKeyId: string): (SessionCredentials & { readonly principal: Principal }) | undefined {
    return this.byId.get(accessKeyId);
  }

  /** Credentials of a role session, as Lambda hands them to a function. */
  open(
    role: { readonly arn: string; readonly id: string },
    sessionName: string,
    invocationId?: string,
  ): SessionCredentials {
    const credentials = {
      accessKeyId: `ASIA${randomKeyId()}`,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(96).toString('base64'),
    };
    this.add(credentials, rolePrincipal(role, sessionName, invocationId));
    return credentials;
  }

  add(credentials: SessionCredentials, principal: Principal): void {
    this.byId.set(credentials.accessKeyId, { ...credentials, principal });
  }

  /** From now on a session's calls are those of another invocation of its function. */
  handOver(accessKeyId: string, invocationId: string): void {
    const session = this.byId.get(accessKeyId);
    if (session)
      this.byId.set(accessKeyId, { ...session, principal: { ...session.principal, invocationId } });
  }

  close(accessKeyId: string): void {
    this.byId.delete(accessKeyId);
  }
}

export function rolePrincipal(
  role: { readonly arn: string; readonly id: string },
  sessionName: string,
  invocationId?: string,
): Principal {
  // arn:aws:iam::<account>:role/<path>/<name> is seen as arn:aws:sts::<account>:assumed-role/<name>/<session>.
  const [, partition = '', , , account = ''] = role.arn.split(':');
  const name = role.arn.split('/').at(-1) ?? '';
  return {
    type: 'role',
    arn: role.arn,
    callerArn: `arn:${partition}:sts::${account}:assumed-role/${name}/${sessionName}`,
    userId: `${role.id}:${sessionName}`,
    ...(invocationId === undefined ? {} : { invocationId }),
  };
}
