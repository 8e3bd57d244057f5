import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region';
import type { Construct } from 'constructs';

import { addressed } from '../terraform/address';
import type { AwsPlace } from '../aws/aws-place';

/** Where the provider that a module is given works. */
export function placeHere(scope: Construct): AwsPlace {
  const identity = addressed('current', new DataAwsCallerIdentity(scope, 'Identity'));
  const partition = addressed('current', new DataAwsPartition(scope, 'Partition'));
  const region = addressed('current', new DataAwsRegion(scope, 'Region'));
  return {
    partition: partition.partition,
    dnsSuffix: partition.dnsSuffix,
    accountId: identity.accountId,
    // `name` in version 5 of the provider and `region` in 6; `id` is the region's name in both.
    region: region.id,
  };
}
