import { iamPath } from './aws-keys';
import { flag, list, map, text } from './builders';

const patterns = (description: string, of: string, pattern: RegExp, example: string, absent = 'any') =>
  list(
    text(pattern, {
      description: 'A text in which `*` stands for anything.',
      rule: `${of} are texts in which * stands for anything`,
      example,
    }),
    { description, absent, of, max: 100, unique: true, example: `['${example}']` },
  );

const ARN_PATTERN = /^arn:aws[a-z-]*:iam::(\d{12}|aws|\*):[0-9A-Za-z_+=,.@/:*-]{1,600}$/;

/** What the owner of a stack lets others write in the files that it includes. */
export const allowSchema = map(
  {
    existing: flag({
      description:
        'Whether they may name existing IAM users (`existing`, `import`). `false`: only users that are made here.',
    }).default(true),
    userNames: patterns(
      'The names of their IAM users.',
      'names of IAM users',
      /^[A-Za-z0-9+=,.@_*-]{1,64}$/,
      'payments-*',
    ).optional(),
    paths: list(iamPath({ description: 'An IAM path, with those below it.' }), {
      description: 'The paths of the IAM users that are made.',
      absent: 'any',
      of: 'IAM paths',
      max: 100,
      unique: true,
      example: '[/payments/]',
    }).optional(),
    policyArns: patterns(
      'The policies that they may attach. `[]`: none.',
      'ARNs of policies',
      ARN_PATTERN,
      'arn:aws:iam::111122223333:policy/payments/*',
    ).optional(),
    inlinePolicies: flag({
      description: 'Whether they may write inline policies, which may say anything.',
      absent: '`false` if `policyArns` is said, else `true`',
    }).optional(),
    groups: patterns(
      'The IAM groups that they may put their users into. `[]`: none.',
      'names of IAM groups',
      /^[A-Za-z0-9+=,.@_*-]{1,128}$/,
      'payments-*',
      'none if `policyArns` is said, else any',
    ).optional(),
    readers: patterns(
      'Who they may let read their secrets. `[]`: nobody.',
      'ARNs of readers',
      ARN_PATTERN,
      'arn:aws:iam::111122223333:role/payments-*',
    ).optional(),
  },
  {
    description:
      'What the users in the files of `include` may be. For teams that change their own file without a review by the owner of the stack: without it they may name any IAM user of the account, attach or write any policy, and put their users into any group. The customer key of a secret, `kmsKeyArn`, is not limited. It is said beside `include`, and never in such a file.',
    absent: 'anything',
    example: "{ existing: false, policyArns: ['arn:aws:iam::111122223333:policy/payments/*'] }",
  },
);
