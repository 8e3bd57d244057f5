import { parseConfiguration } from '../../../../modules/config/parse-configuration';
import { fileWithUser, itAccepts, itRefuses } from '../refusal';

itAccepts('a region of SES other than the stack’s', fileWithUser('sesSmtp: { region: us-east-1 }'));

itRefuses('a region of SES in which the key does not work', fileWithUser('sesSmtp: { region: cn-north-1 }'))`
rotation.yaml:7:20 stacks.production.users.ci-deployer.sesSmtp.region
  found  'cn-north-1'
  rule   the user's keys do not work there: the stack's region eu-west-1 is in the partition aws, this one in aws-cn
  write  region: eu-west-1, or another region of aws`;

itRefuses('a region of SES that is none', fileWithUser('sesSmtp: { region: Ireland }'))`
rotation.yaml:7:20 stacks.production.users.ci-deployer.sesSmtp.region
  found  'Ireland'
  rule   a region is the short name of an AWS region
  write  region: eu-west-1`;

it('the region of SES is kept for the user as it is written, and is absent where nothing is written', () => {
  const userOf = (...lines: string[]) =>
    parseConfiguration('rotation.yaml', fileWithUser(...lines)).stacks[0]!.users[0]!;
  expect(userOf('sesSmtp: { region: us-east-1 }').sesSmtp).toEqual({ region: 'us-east-1' });
  expect(userOf('path: /')).not.toHaveProperty('sesSmtp');
});
