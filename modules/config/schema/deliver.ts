import { list, map } from './builders';
import { githubActionsTarget } from './deliver/github-actions';
import { httpsTarget } from './deliver/https';
import { parameterTarget } from './deliver/parameter';
import { restartTarget } from './deliver/restart';
import { secretTarget } from './deliver/secret';

/** A target is one of them. */
const KINDS = {
  secret: secretTarget.optional(),
  parameter: parameterTarget.optional(),
  restart: restartTarget.optional(),
  githubActions: githubActionsTarget.optional(),
  https: httpsTarget.optional(),
};

export const TARGET_KINDS = Object.keys(KINDS) as (keyof typeof KINDS)[];

const names = Object.keys(KINDS);

export const ONE_KIND = {
  rule: `a target is a map with one key: ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`,
  example: '{ parameter: { name: /payments/aws-key } }',
};

export const deliver = list(map(KINDS, { description: 'A delivery target.', ...ONE_KIND }), {
  description:
    "Where every new key goes besides, for what cannot read the user's secret. A previous key is not retired while a target may hold it: see [delivery](delivery.md).",
  absent: 'nowhere',
  of: 'targets',
  max: 10,
  example: '[{ parameter: { name: /payments/aws-key } }]',
});
