import { suspiciousActsLogGroupName } from '../../contract/names';
import type { Expected } from './expected';

/** Whether suspicious acts are noticed: the configuration has a trail of its own, or uses one that exists. */
export const watchesActs = (expected: Expected): boolean =>
  expected
    .named('aws_cloudwatch_log_group')
    .some(({ name }) => name === suspiciousActsLogGroupName(expected.prefix));
