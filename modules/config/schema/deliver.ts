import type * as z from 'zod';

import { list, map } from './builders';
import { githubActionsTarget } from './deliver/github-actions';
import { httpsTarget } from './deliver/https';
import { parameterTarget } from './deliver/parameter';
import { restartTarget } from './deliver/restart';
import { secretTarget } from './deliver/secret';

/** The Terraform modules have these. */
const INSIDE_AWS = {
  secret: secretTarget.optional(),
  parameter: parameterTarget.optional(),
  restart: restartTarget.optional(),
};

/** A target is one of them. */
const KINDS = {
  ...INSIDE_AWS,
  githubActions: githubActionsTarget.optional(),
  https: httpsTarget.optional(),
};

export const TARGET_KINDS = Object.keys(KINDS) as (keyof typeof KINDS)[];

const oneOf = (kinds: object) => {
  const names = Object.keys(kinds);
  return {
    rule: `a target is a map with one key: ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`,
    example: '{ parameter: { name: /payments/aws-key } }',
  };
};

export const ONE_KIND = oneOf(KINDS);

const targetsOf = <const Kinds extends z.core.$ZodLooseShape>(kinds: Kinds) =>
  list(map(kinds, { description: 'A delivery target.', ...oneOf(kinds) }), {
    description:
      "Where every new key goes besides, for what cannot read the user's secret. A previous key is not retired while a target may hold it: see [delivery](delivery.md).",
    absent: 'nowhere',
    of: 'targets',
    max: 10,
    example: '[{ parameter: { name: /payments/aws-key } }]',
  });

export const deliver = targetsOf(KINDS);

export const deliverInsideAws = targetsOf(INSIDE_AWS);
