import { DataAwsIamUser } from '@cdktf/provider-aws/lib/data-aws-iam-user';
import { IamUser } from '@cdktf/provider-aws/lib/iam-user';
import { IamUserPolicyAttachment } from '@cdktf/provider-aws/lib/iam-user-policy-attachment';
import { TerraformIterator } from 'cdktf';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { addressed } from '../terraform/address';
import { iamUserArn } from '../aws/aws-place';
import type { AwsPlace } from '../aws/aws-place';

/** An IAM user that is made here. */
export interface NewUser {
  readonly kind: 'new';
  /**
   * It is there already, and Terraform takes it into its state. Where that has happened, it changes nothing.
   * @default false
   */
  readonly import?: boolean;
  /**
   * Begins and ends with a slash.
   * @default "/"
   */
  readonly path?: string;
  readonly permissionsBoundaryArn?: string;
  /** Managed policies to attach. They have to be known when Terraform plans. */
  readonly policyArns?: readonly string[];
}

/** An IAM user that is there already: it is looked up, never changed or deleted. */
export interface ExistingUser {
  readonly kind: 'existing';
}

export interface UserWithKeysProps {
  readonly address: string;
  readonly userName: string;
  readonly user: NewUser | ExistingUser;
  readonly place: AwsPlace;
  readonly tags: Readonly<Record<string, string>>;
}

/** The IAM user whose keys are rotated, made or looked up. Never its keys: those would be in the state (R7). */
export class UserWithKeys extends Construct {
  /** Known when the user is there. */
  readonly name: string;
  readonly arn: string;
  /** The unique id, `AIDA…`. */
  readonly userId: string;
  /** Undefined: not made here. */
  readonly path: string | undefined;
  readonly parts: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: UserWithKeysProps) {
    super(scope, id);
    const { address, user, userName } = props;

    if (user.kind === 'existing') {
      const found = addressed(address, new DataAwsIamUser(this, 'Resource', { userName }));
      this.name = found.userName;
      this.arn = found.arn;
      this.userId = found.userId;
      this.path = undefined;
      this.parts = [found];
      return;
    }

    const path = user.path ?? '/';
    const made = addressed(
      address,
      new IamUser(this, 'Resource', {
        name: userName,
        path,
        permissionsBoundary: user.permissionsBoundaryArn,
        // Its keys are made outside of Terraform, and IAM refuses to delete a user that has keys.
        forceDestroy: true,
        tags: { ...props.tags },
      }),
    );
    if (user.import === true) {
      made.importFrom(userName);
    }
    // One resource for all policies and `for_each` over them: each has an address that does not depend on the
    // others, without a name to be made up for it.
    const policies = TerraformIterator.fromList([...(user.policyArns ?? [])]);
    const attachment = addressed(
      address,
      new IamUserPolicyAttachment(this, 'Policies', {
        forEach: policies,
        user: made.name,
        policyArn: policies.value as string,
        // A rename replaces the attachments: attach to the new name first, so that the user is never without.
        lifecycle: { createBeforeDestroy: true },
      }),
    );

    this.name = made.name;
    this.arn = iamUserArn(props.place, path, userName);
    this.userId = made.uniqueId;
    this.path = path;
    this.parts = [made, attachment];
  }
}
