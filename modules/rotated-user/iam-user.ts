import { DataAwsIamUser } from '@cdktf/provider-aws/lib/data-aws-iam-user';
import { IamUser } from '@cdktf/provider-aws/lib/iam-user';
import { IamUserGroupMembership } from '@cdktf/provider-aws/lib/iam-user-group-membership';
import { IamUserPolicy } from '@cdktf/provider-aws/lib/iam-user-policy';
import { IamUserPolicyAttachment } from '@cdktf/provider-aws/lib/iam-user-policy-attachment';
import { TerraformIterator } from 'cdktf';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { addressed, attributeOf } from '../terraform/address';
import { EACH_VALUE, eachOf } from '../terraform/for-each';
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
  /** Managed policies to attach. They have to be known when Terraform plans: `policyArnsByName` takes others, too. */
  readonly policyArns?: readonly string[];
  /**
   * More managed policies to attach, each under a name of your choice that is in its Terraform address. The names are
   * known when the stack is synthesized; the ARNs may be those of policies that the same apply makes.
   */
  readonly policyArnsByName?: Readonly<Record<string, string>>;
  /**
   * Policies that the user alone has, by name: policy documents as JSON, which may hold references. All of a user together have
   * up to 2,048 characters.
   */
  readonly inlinePolicies?: Readonly<Record<string, string>>;
  /**
   * Names of IAM groups to put the user into, up to 10; they may be references. How many there are is known when the stack is
   * synthesized. Others that the user is in stay as they are.
   */
  readonly groups?: readonly string[];
}

/** An IAM user that is there already: it is looked up, never changed or deleted. */
export interface ExistingUser {
  readonly kind: 'existing';
}

/** A rename replaces what a user has: it is given under the new name first, so that the user is never without. */
const GIVE_FIRST = { createBeforeDestroy: true };

/** Another than the user's: there its policy for `selfRenewal` is. */
export const inlinePoliciesAddress = (address: string): string => `${address}_inline`;

/** The resources that give a user rights, which stay where Terraform is to forget the user. */
export const addressesOfRights = (address: string): readonly string[] => [
  `aws_iam_user_policy_attachment.${address}`,
  `aws_iam_user_policy.${inlinePoliciesAddress(address)}`,
  `aws_iam_user_group_membership.${address}`,
];

export interface UserWithKeysProps {
  readonly address: string;
  readonly userName: string;
  readonly user: NewUser | ExistingUser;
  readonly place: AwsPlace;
  readonly tags: Readonly<Record<string, string>>;
}

/** The IAM user whose keys are rotated, made or looked up. Never its keys: those would be in the state (R7). */
export class UserWithKeys extends Construct {
  /** Known when the user is there. This and the next two are for the stack that the user is in. */
  readonly nameInStack: string;
  readonly arnInStack: string;
  /** The unique id, `AIDA…`. */
  readonly userIdInStack: string;
  /** Undefined: not made here. */
  readonly path: string | undefined;
  readonly parts: readonly ITerraformDependable[];
  readonly #resource: IamUser | DataAwsIamUser;

  constructor(scope: Construct, id: string, props: UserWithKeysProps) {
    super(scope, id);
    const { address, user, userName } = props;

    if (user.kind === 'existing') {
      const found = addressed(address, new DataAwsIamUser(this, 'Resource', { userName }));
      this.#resource = found;
      this.nameInStack = attributeOf(found, 'userName');
      this.arnInStack = attributeOf(found, 'arn');
      this.userIdInStack = attributeOf(found, 'userId');
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
    this.#resource = made;
    this.nameInStack = attributeOf(made, 'name');
    this.arnInStack = iamUserArn(props.place, path, userName);
    this.userIdInStack = attributeOf(made, 'uniqueId');
    this.path = path;
    this.parts = [
      made,
      this.#attach(address, made, user),
      ...this.#addInlinePolicies(address, made, user),
      ...this.#addToGroups(address, made, user),
    ];
  }

  /** The same three for any stack. */
  get name(): string {
    return this.#resource instanceof IamUser ? this.#resource.name : this.#resource.userName;
  }

  get arn(): string {
    return this.#resource instanceof IamUser ? this.arnInStack : this.#resource.arn;
  }

  get userId(): string {
    return this.#resource instanceof IamUser ? this.#resource.uniqueId : this.#resource.userId;
  }

  /**
   * One resource for all policies and `for_each` over them: each has an address that does not depend on the others. That
   * of a policy without a name is its ARN, in a set as in a map.
   */
  #attach(
    address: string,
    made: IamUser,
    { policyArns = [], policyArnsByName }: NewUser,
  ): ITerraformDependable {
    const policies =
      policyArnsByName === undefined
        ? eachOf(policyArns)
        : TerraformIterator.fromMap({
            ...Object.fromEntries(policyArns.map((arn) => [arn, arn])),
            ...policyArnsByName,
          });
    return addressed(
      address,
      new IamUserPolicyAttachment(this, 'Policies', {
        forEach: policies,
        user: attributeOf(made, 'name'),
        policyArn: EACH_VALUE,
        lifecycle: GIVE_FIRST,
      }),
    );
  }

  #addInlinePolicies(
    address: string,
    made: IamUser,
    { inlinePolicies = {} }: NewUser,
  ): readonly ITerraformDependable[] {
    if (Object.keys(inlinePolicies).length === 0) return [];
    const policies = TerraformIterator.fromMap({ ...inlinePolicies });
    return [
      addressed(
        inlinePoliciesAddress(address),
        new IamUserPolicy(this, 'InlinePolicies', {
          forEach: policies,
          user: attributeOf(made, 'name'),
          name: policies.key,
          policy: EACH_VALUE,
          lifecycle: GIVE_FIRST,
        }),
      ),
    ];
  }

  #addToGroups(address: string, made: IamUser, { groups = [] }: NewUser): readonly ITerraformDependable[] {
    if (groups.length === 0) return [];
    return [
      addressed(
        address,
        new IamUserGroupMembership(this, 'Groups', {
          user: attributeOf(made, 'name'),
          groups: [...groups],
          lifecycle: GIVE_FIRST,
        }),
      ),
    ];
  }
}
