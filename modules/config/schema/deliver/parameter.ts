import { kmsKeyArn } from '../aws-keys';
import { map, text } from '../builders';

/**
 * Fully qualified, at most 15 levels, and not one of AWS's own. AWS counts the ARN's beginning among the 1,011 characters.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 */
const PARAMETER_NAME = /^(?!\/(aws|ssm))(?=.{2,940}$)(\/[A-Za-z0-9_.-]+){1,15}$/i;

export const parameterTarget = map(
  {
    name: text(PARAMETER_NAME, {
      description: 'Its name, with its whole path. It is made if it is not there.',
      rule: 'a parameter is named by its whole path, which begins with / and not with /aws or /ssm: up to 15 levels of letters, digits and _.-',
      example: '/payments/aws-key',
      repair: (found) => `/${found.split('/').filter(Boolean).join('/')}`,
    }),
    kmsKeyArn: kmsKeyArn({
      description: 'The customer key that encrypts the parameter.',
      absent: "the account's `aws/ssm` key",
      sameRegion: 'stack',
    }).optional(),
  },
  {
    description:
      "A parameter of Systems Manager, a SecureString with the whole document that the user's secret holds.",
    absent: 'the target is another one',
    example: '{ name: /payments/aws-key }',
  },
);
