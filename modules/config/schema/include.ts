import { PART_PATTERN } from '../reading/part-pattern';
import { list, text } from './builders';

const path = (example: string) =>
  text(PART_PATTERN, {
    description: 'A path, or a pattern with `*` for any part of a name.',
    rule: "a part is named by a path from this file's folder, further down, that ends in .yaml or .yml, with '/' and without '..'",
    example,
  });

export const include = (description: string, example: string) =>
  list(path(example), {
    description,
    absent: 'none',
    of: 'paths',
    min: 1,
    max: 200,
    example: `[${example}]`,
  });
