/**
 * What lets EventBridge write to the log group. CloudWatch Logs takes ten such policies for one account and region, which
 * nobody can raise, so the shards of a stack share one, and it is the maker's own: as long as the maker is there, no other
 * shard that goes takes it along.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
export type LogPolicy =
  /** For the log group of this stack. */
  | 'own'
  /** For the log groups of all shards whose secrets are named as this one's. */
  | 'ofAllShards'
  /** None: another shard makes it. */
  | 'ofAnotherShard';
