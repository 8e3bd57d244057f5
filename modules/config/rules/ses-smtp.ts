import { partitionOf } from '../../aws/aws-values';
import type { Draft } from '../draft';
import type { Problem } from '../problem';

/** A key works in its own partition alone, and so does the password that is made from it. */
export function checkSesSmtp(draft: Draft): Problem[] {
  return draft.stacks.flatMap(({ values: { region }, users }) =>
    users.flatMap(({ path, values }): Problem[] => {
      const smtpRegion = values.sesSmtp?.region;
      if (region === undefined || smtpRegion === undefined) return [];
      if (partitionOf(smtpRegion) === partitionOf(region)) return [];
      return [
        {
          path: [...path, 'sesSmtp', 'region'],
          rule: `the user's keys do not work there: the stack's region ${region} is in the partition ${partitionOf(region)}, this one in ${partitionOf(smtpRegion)}`,
          write: `region: ${region}, or another region of ${partitionOf(region)}`,
        },
      ];
    }),
  );
}
