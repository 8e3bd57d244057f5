import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import { SecretsmanagerSecretPolicy } from '@cdktf/provider-aws/lib/secretsmanager-secret-policy';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { addressed } from '../address';
import type { JsonReference } from '../json-text';
import { policyDocument } from '../policy-document';
import { readerStatements } from './policies';

export interface KeySecretProps {
  readonly address: string;
  readonly secretName: string;
  readonly description: string;
  /** Customer key. Readers in other accounts need one: nobody else's account may use `aws/secretsmanager`. */
  readonly kmsKeyArn?: string;
  /** How long a deleted secret can be restored: 7 to 30 days, or 0 for not at all. */
  readonly recoveryDays: number;
  /** Principals that may read it: ARNs of roles, users and accounts. An absent list makes no secret policy. */
  readonly readers?: readonly string[] | JsonReference;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The secret that holds a user's current key. It starts empty: a value written by Terraform would be in the
 * state, and one day Terraform would make it current again.
 */
export class KeySecret extends Construct {
  readonly arn: string;
  readonly resource: SecretsmanagerSecret;
  /** Undefined: nobody was named. */
  readonly policy: SecretsmanagerSecretPolicy | undefined;
  readonly parts: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: KeySecretProps) {
    super(scope, id);
    const secret = addressed(
      props.address,
      new SecretsmanagerSecret(this, 'Resource', {
        name: props.secretName,
        description: props.description,
        kmsKeyId: props.kmsKeyArn,
        recoveryWindowInDays: props.recoveryDays,
        tags: { ...props.tags },
      }),
    );
    this.arn = secret.arn;
    this.resource = secret;
    this.policy =
      props.readers === undefined ? undefined : this.#admit(props.address, secret.arn, props.readers);
    this.parts = this.policy === undefined ? [secret] : [secret, this.policy];
  }

  #admit(
    address: string,
    secretArn: string,
    readers: readonly string[] | JsonReference,
  ): SecretsmanagerSecretPolicy {
    return addressed(
      address,
      new SecretsmanagerSecretPolicy(this, 'Policy', {
        secretArn,
        policy: policyDocument(readerStatements(readers)),
        blockPublicPolicy: true,
      }),
    );
  }
}
