import * as z from 'zod';

import { PART_PATTERN } from '../reading/part-pattern';
import { key } from './wording';

export const include = (description: string, example: string) =>
  key(
    z
      .array(
        key(z.string().regex(PART_PATTERN), {
          description: 'A path, or a pattern with `*` for any part of a name.',
          rule: "a part is named by a path from this file's folder, further down, that ends in .yaml or .yml, with '/' and without '..'",
          write: () => example,
        }),
      )
      .min(1)
      .max(200),
    {
      description,
      absent: 'none',
      rule: 'include is a list of paths',
      write: `[${example}]`,
    },
  );
