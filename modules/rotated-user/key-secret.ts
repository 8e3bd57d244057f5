import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import type { SecretsmanagerSecretReplica } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import { SecretsmanagerSecretPolicy } from '@cdktf/provider-aws/lib/secretsmanager-secret-policy';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { addressed, attributeOf } from '../terraform/address';
import { TAG_KEYS } from '../aws/names';
import { policyDocument } from '../aws/policy-document';
import type { EncryptedCopies } from './policies';
import { readerStatements, selfRenewalStatement } from './readers';
import type { Readers } from './readers';

export interface KeySecretProps {
  readonly address: string;
  readonly secretName: string;
  readonly description: string;
  /** Customer key. Readers in other accounts need one: nobody else's account may use `aws/secretsmanager`. */
  readonly kmsKeyArn?: string;
  /** How long a deleted secret can be restored: 7 to 30 days, or 0 for not at all. */
  readonly recoveryDays: number;
  /** Who may read it. An absent list, or an empty one, admits nobody. */
  readonly readers?: Readers;
  /** ARN of the user whose key it holds, if the user may read it. */
  readonly self?: string;
  /** @default none */
  readonly replicas?: readonly SecretReplica[] | ReplicaReference;
  /** Of the IAM user whose key it holds: the functions compare it with the settings in the table. */
  readonly userId: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The secret's ARN, for what is described before the secret is: its address never changes (R11). */
export const secretArnReference = (address: string): string => `\${aws_secretsmanager_secret.${address}.arn}`;

/** A copy of the secret in another region. Secrets Manager writes it whenever the secret changes; nobody else can. */
export interface SecretReplica {
  readonly region: string;
  /**
   * Customer key of that region.
   * @default the account's own `aws/secretsmanager` there
   */
  readonly kmsKeyArn?: string;
}

/** Copies of which only Terraform knows how many there are. */
export interface ReplicaReference {
  /** An expression of Terraform: a list of objects with `region` and `kms_key_arn`, which may be null. */
  readonly list: string;
  /** What their keys are, as the rotation function's policy has it. */
  readonly encrypted: EncryptedCopies;
}

export const isReplicaReference = (
  replicas: readonly SecretReplica[] | ReplicaReference,
): replicas is ReplicaReference => 'list' in replicas;

/**
 * Said also where it is the default. Of a secret: without it the AWS provider says nothing where a customer key is taken out of
 * the configuration, and Secrets Manager keeps that key (F 1.34). Of a copy: Secrets Manager answers with it, and Terraform
 * would take an answer that was not said for a change, remove the copy, and make it again.
 */
const AWS_OWN_KEY = 'alias/aws/secretsmanager';

/**
 * The secret that holds a user's current key. It starts empty: a value written by Terraform would be in the
 * state, and one day Terraform would make it current again.
 */
export class KeySecret extends Construct {
  /** For the stack that the secret is in. */
  readonly arnInStack: string;
  readonly resource: SecretsmanagerSecret;
  /** Undefined: nobody was named. */
  readonly policy: SecretsmanagerSecretPolicy | undefined;
  readonly parts: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: KeySecretProps) {
    super(scope, id);
    const { replicas = [] } = props;
    const secret = addressed(
      props.address,
      new SecretsmanagerSecret(this, 'Resource', {
        name: props.secretName,
        description: props.description,
        kmsKeyId: props.kmsKeyArn ?? AWS_OWN_KEY,
        recoveryWindowInDays: props.recoveryDays,
        replica: isReplicaReference(replicas) ? undefined : copiesOf(replicas),
        tags: { ...props.tags, [TAG_KEYS.userId]: props.userId },
      }),
    );
    if (isReplicaReference(replicas)) {
      secret.addOverride('dynamic.replica', copiesByReference(replicas));
    }
    this.arnInStack = attributeOf(secret, 'arn');
    this.resource = secret;
    this.policy = this.#admit(props, this.arnInStack);
    this.parts = this.policy === undefined ? [secret] : [secret, this.policy];
  }

  /** For any stack. */
  get arn(): string {
    return this.resource.arn;
  }

  #admit(
    { address, readers, self }: KeySecretProps,
    secretArn: string,
  ): SecretsmanagerSecretPolicy | undefined {
    const statements = [
      ...(readers === undefined ? [] : readerStatements(readers)),
      ...(self === undefined ? [] : [selfRenewalStatement(self)]),
    ];
    if (statements.length === 0) {
      return undefined;
    }
    return addressed(
      address,
      new SecretsmanagerSecretPolicy(this, 'Policy', {
        secretArn,
        policy: policyDocument(statements),
        blockPublicPolicy: true,
      }),
    );
  }
}

/** Nothing where there are none: a secret without copies reads as one that never had any. */
function copiesOf(replicas: readonly SecretReplica[]): SecretsmanagerSecretReplica[] | undefined {
  if (replicas.length === 0) {
    return undefined;
  }
  return replicas.map(({ region, kmsKeyArn }) => ({ region, kmsKeyId: kmsKeyArn ?? AWS_OWN_KEY }));
}

/** https://developer.hashicorp.com/terraform/language/syntax/json#block-type-dynamic */
const copiesByReference = ({ list }: ReplicaReference): object => ({
  for_each: `\${${list}}`,
  content: {
    region: '${replica.value.region}',
    kms_key_id: `\${coalesce(replica.value.kms_key_arn, "${AWS_OWN_KEY}")}`,
  },
});
