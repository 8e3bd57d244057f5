import { format } from 'prettier';

import { BASE_VARIABLES } from '../modules/terraform-module/base-module';
import {
  ROTATED_EXISTING_USER_VARIABLES,
  ROTATED_USER_VARIABLES,
} from '../modules/terraform-module/rotated-user-variables';
import type { Variables } from '../modules/terraform-module/variable';

interface Page {
  readonly variables: Variables;
  readonly introduction: string;
}

const PAGES: Readonly<Record<string, Page>> = {
  base: {
    variables: BASE_VARIABLES,
    introduction:
      'What a set of rotated users of one account and region has in common: the table with settings and journals, ' +
      'the function that retires previous keys, and what notices that something is wrong and tells people. Call it once, then ' +
      '[`rotated-user`](../rotated-user/README.md) or [`rotated-existing-user`](../rotated-existing-user/README.md) for each user.',
  },
  'rotated-user': {
    variables: ROTATED_USER_VARIABLES,
    introduction:
      'An IAM user whose access key is rotated, with its secret, its rotation function and its schedule. ' +
      'Needs the outputs of [`base`](../base/README.md). [example](../example/main.tf) has both.',
  },
  'rotated-existing-user': {
    variables: ROTATED_EXISTING_USER_VARIABLES,
    introduction:
      'The keys of an IAM user that is made elsewhere, with its secret, its rotation function and its schedule. The user itself ' +
      'is only looked up, never changed or deleted. It has to carry the tag ' +
      '`iam-key-rotation:stack` with the `name` of its [`base`](../base/README.md).',
  },
};

/** README.md of a module: its inputs from the variables, its outputs from its Terraform. */
export function moduleReadme(name: string, json: string): Promise<string> {
  const page = PAGES[name];
  if (page === undefined) {
    throw new Error(`This is a bug: no README is written for the module ${name}.`);
  }
  const { output } = JSON.parse(json) as { output: Record<string, { description: string }> };
  const inputs = Object.entries(page.variables).map(([variable, { type, description, default: value }]) =>
    row(
      `\`${variable}\``,
      description,
      `\`${oneLine(type)}\``,
      value === undefined ? 'required' : `\`${JSON.stringify(value)}\``,
    ),
  );
  const outputs = Object.entries(output).map(([outputName, { description }]) =>
    row(`\`${outputName}\``, description),
  );
  const text = [
    `# ${name}`,
    page.introduction,
    'Terraform 1.9 or newer, AWS provider from 5.100 to 6. The module has no provider of its own: it takes its caller’s.',
    '## Inputs',
    [row('name', 'what it says', 'type', 'without it'), row('-', '-', '-', '-'), ...inputs].join('\n'),
    '## Outputs',
    [row('name', 'what it is'), row('-', '-'), ...outputs].join('\n'),
  ];
  return format(text.join('\n\n'), { parser: 'markdown' });
}

const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const oneLine = (type: string): string => (type.includes('\n') ? 'outputs of base' : type);
