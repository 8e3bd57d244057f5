import { awsPlace, iamUserArn, viaService } from '../../../modules/aws/aws-place';

const placeIn = (partition: string, region: string) =>
  awsPlace({ partition, accountId: '111122223333', region });

it.each([
  ['aws', 'eu-west-1', 'amazonaws.com'],
  ['aws-us-gov', 'us-gov-west-1', 'amazonaws.com'],
  ['aws-cn', 'cn-north-1', 'amazonaws.com.cn'],
])('a place on AWS in %s, %s, has endpoints that end in %s', (partition, region, dnsSuffix) => {
  expect(placeIn(partition, region)).toEqual({ partition, accountId: '111122223333', region, dnsSuffix });
});

it('a place on AWS names a user with its partition and its path', () => {
  expect(iamUserArn(placeIn('aws-cn', 'cn-north-1'), '/a/b/', 'c@d')).toBe(
    'arn:aws-cn:iam::111122223333:user/a/b/c@d',
  );
  expect(iamUserArn(placeIn('aws', 'eu-west-1'), '/', 'c')).toBe('arn:aws:iam::111122223333:user/c');
});

it.each([
  ['aws', 'eu-west-1', ['sns.eu-west-1.amazonaws.com']],
  ['aws-us-gov', 'us-gov-west-1', ['sns.us-gov-west-1.amazonaws.com']],
  ['aws-cn', 'cn-north-1', ['sns.cn-north-1.amazonaws.com.cn', 'sns.cn-north-1.amazonaws.com']],
])('a place on AWS in %s, %s, says of a service how KMS may know it', (partition, region, values) => {
  expect(viaService('sns', region, placeIn(partition, region))).toEqual(values);
});
