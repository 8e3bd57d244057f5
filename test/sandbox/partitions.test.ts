import { arnIn, globalArn, partitionOf } from '../../sandbox/partitions';

describe('the local AWS names what it has as the partition of its region does', () => {
  it.each([
    ['eu-west-1', 'aws', 'us-east-1', 'amazonaws.com'],
    ['cn-northwest-1', 'aws-cn', 'cn-north-1', 'amazonaws.com.cn'],
    ['us-gov-east-1', 'aws-us-gov', 'us-gov-west-1', 'amazonaws.com'],
    ['eusc-de-east-1', 'aws-eusc', 'eusc-de-east-1', 'amazonaws.eu'],
  ])(
    '%s is in the partition %s, with its control plane in %s and names in %s',
    (region, name, controlPlaneRegion, dnsSuffix) => {
      expect(partitionOf(region)).toEqual({ name, controlPlaneRegion, dnsSuffix });
      expect(arnIn(region, 'lambda', '111122223333', 'function:f')).toBe(
        `arn:${name}:lambda:${region}:111122223333:function:f`,
      );
      expect(globalArn(region, 'iam', '111122223333', 'user/u')).toBe(`arn:${name}:iam::111122223333:user/u`);
    },
  );
});
