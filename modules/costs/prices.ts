/** A price of AWS, in US dollars, in us-east-1. */
export interface Price {
  readonly dollars: number;
  /** As it is written in the arithmetic. */
  readonly words: string;
  readonly page: string;
  /** False: from memory of the public list, and not read on its page. */
  readonly verified: boolean;
}

const price = (words: string, dollars: number, page: string, verified = false): Price => ({
  dollars,
  words,
  page,
  verified,
});

/** Read on 2026-09-20 where verified. Whoever reads this checks them for the day and region. */
export const PRICES = {
  secret: price('$0.40 a secret', 0.4, 'https://aws.amazon.com/secrets-manager/pricing/', true),
  secretCall: price(
    '$0.05 for 10,000 calls',
    0.05 / 10_000,
    'https://aws.amazon.com/secrets-manager/pricing/',
    true,
  ),
  lambdaGbSecond: price(
    '$0.0000133334 a GB-second (arm64)',
    0.0000133334,
    'https://aws.amazon.com/lambda/pricing/',
  ),
  lambdaRequest: price(
    '$0.20 for 1,000,000 invocations',
    0.2 / 1e6,
    'https://aws.amazon.com/lambda/pricing/',
  ),
  readUnit: price(
    '$0.125 for 1,000,000 read units',
    0.125 / 1e6,
    'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  ),
  writeUnit: price(
    '$0.625 for 1,000,000 write units',
    0.625 / 1e6,
    'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  ),
  metric: price('$0.30 a custom metric', 0.3, 'https://aws.amazon.com/cloudwatch/pricing/'),
  alarm: price('$0.10 a metric of an alarm', 0.1, 'https://aws.amazon.com/cloudwatch/pricing/'),
  dashboard: price('$3.00 a dashboard after the third', 3, 'https://aws.amazon.com/cloudwatch/pricing/'),
  logGb: price('$0.50 a GB of logs', 0.5, 'https://aws.amazon.com/cloudwatch/pricing/'),
  event: price('$1.00 for 1,000,000 events', 1 / 1e6, 'https://aws.amazon.com/eventbridge/pricing/'),
  dataEvent: price(
    '$0.10 for 100,000 data events',
    0.1 / 100_000,
    'https://aws.amazon.com/cloudtrail/pricing/',
  ),
} as const satisfies Record<string, Price>;
