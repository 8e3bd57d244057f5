import { MOST_SECURITY_GROUPS, MOST_SUBNETS, SECURITY_GROUP_ID, SUBNET_ID } from '../../aws/aws-values';
import { list, map, text } from './builders';

const ids = (description: string, of: string, one: string, pattern: RegExp, max: number, example: string) =>
  list(text(pattern, { description: `Id of ${one}.`, rule: `${one} is named by its id`, example }), {
    description,
    of,
    min: 1,
    max,
    unique: true,
    example: `[${example}]`,
  });

export const vpcSchema = map(
  {
    subnetIds: ids(
      'Subnets of one VPC, in more than one availability zone, with a way to the services that the functions call.',
      'ids of subnets',
      'a subnet',
      SUBNET_ID,
      MOST_SUBNETS,
      'subnet-0123456789abcdef0',
    ),
    securityGroupIds: ids(
      'Security groups of the functions. They let HTTPS out; nothing comes in.',
      'ids of security groups',
      'a security group',
      SECURITY_GROUP_ID,
      MOST_SECURITY_GROUPS,
      'sg-0123456789abcdef0',
    ),
  },
  {
    description:
      'Where the functions run: in a VPC of yours, for organisations that ask for it. What they have to reach from there is in docs/vpc.md.',
    absent: 'outside of any VPC of yours; the functions call AWS alone, and nothing calls them',
    example: '{ subnetIds: [subnet-0123456789abcdef0], securityGroupIds: [sg-0123456789abcdef0] }',
  },
);
