/** https://docs.aws.amazon.com/general/latest/gr/iam-service.html */
const IAM_REGIONS: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-iso': 'us-iso-east-1',
  'aws-iso-b': 'us-isob-east-1',
  'aws-iso-f': 'us-isof-south-1',
};

/**
 * The one region of a partition where IAM's events arrive, wherever the call was made; undefined where that is not
 * documented. https://repost.aws/knowledge-center/eventbridge-rule-triggers-iam-single-region
 */
export const iamEventsRegion = (partition: string): string | undefined => IAM_REGIONS[partition];
