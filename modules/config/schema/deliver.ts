import { list, map } from './builders';
import { githubActionsTarget } from './deliver/github-actions';
import { httpsTarget } from './deliver/https';
import { parameterTarget } from './deliver/parameter';
import { secretTarget } from './deliver/secret';

/** A target is one of them. */
const KINDS = {
  secret: secretTarget.optional(),
  parameter: parameterTarget.optional(),
  githubActions: githubActionsTarget.optional(),
  https: httpsTarget.optional(),
};

export const TARGET_KINDS = Object.keys(KINDS) as (keyof typeof KINDS)[];

export const ONE_KIND = 'a target is a map with one key, secret, parameter, githubActions or https';

export const deliver = list(
  map(KINDS, {
    description: 'A delivery target.',
    rule: ONE_KIND,
    example: '{ parameter: { name: /payments/aws-key } }',
  }),
  {
    description:
      "Where every new key goes besides, for what cannot read the user's secret. A previous key is not retired while a target may hold it: see [delivery](delivery.md).",
    absent: 'nowhere',
    of: 'targets',
    max: 10,
    example: '[{ parameter: { name: /payments/aws-key } }]',
  },
);
