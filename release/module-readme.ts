import type { Declarations, Variable } from './hcl-module';

const INTRODUCTIONS: Readonly<Record<string, string>> = {
  base:
    'What a set of rotated users of one account and region has in common: the table with settings and journals, ' +
    'the function that retires previous keys, and what notices that something is wrong and tells people. Call it once, then ' +
    '[`rotated-user`](../rotated-user/README.md) or [`rotated-existing-user`](../rotated-existing-user/README.md) for each user.',
  'rotated-user':
    'An IAM user whose access key is rotated, with its secret, its rotation function and its schedule. ' +
    'Needs the outputs of [`base`](../base/README.md). [example](../example/main.tf) has both.',
  'rotated-existing-user':
    'The keys of an IAM user that is made elsewhere, with its secret, its rotation function and its schedule. The user itself ' +
    'is only looked up, never changed or deleted. It has to carry the tag ' +
    '`iam-key-rotation:stack` with the `name` of its [`base`](../base/README.md).',
  'key-delivery':
    'What brings the current keys of a base’s users to places outside their own secrets: one function, its events and its hourly ' +
    'run. Call it once where a user has `deliver`, and say `delivers = true` to the [`base`](../base/README.md).',
  'leak-response':
    'What hears AWS report a leaked access key of a base’s account, and answers as the variable `on_leak` of the ' +
    '[`base`](../base/README.md) says: people are notified, or the key of a rotated user is replaced, too. Call it once. Beside the ' +
    'provider of the base it takes those of the regions that AWS reports in: `aws.iam_events` of `us-east-1` and `aws.health_backup` of ' +
    '`us-west-2`. In a partition where one of them is not known, or is the region of the base, give the provider of the base.',
};

/** README.md of a module: its inputs and outputs from its HCL. It is not yet laid out. */
export function moduleReadme(name: string, { variables, outputs }: Declarations): string {
  const introduction = INTRODUCTIONS[name];
  if (introduction === undefined) {
    throw new Error(`This is a bug: no README is written for the module ${name}.`);
  }
  const inputs = [...variables].map(([variable, body]) =>
    row(`\`${variable}\``, body.description, HANDED_ON[variable] ?? `\`${typeOf(body)}\``, defaultOf(body)),
  );
  const forModules = [...outputs].filter(([, { description }]) => description.endsWith(FOR_MODULES));
  const given = [...outputs]
    .filter(([, { description }]) => !description.endsWith(FOR_MODULES))
    .map(([output, { description }]) => row(`\`${output}\``, description));
  const text = [
    `# ${name}`,
    introduction,
    'Terraform 1.9 or newer, AWS provider from 5.100 to 6. The module has no provider of its own: it takes its caller’s.',
    '## Inputs',
    [row('name', 'what it says', 'type', 'without it'), row('-', '-', '-', '-'), ...inputs].join('\n'),
    '## Outputs',
    [row('name', 'what it is'), row('-', '-'), ...given].join('\n'),
    ...(forModules.length === 0
      ? []
      : [
          'The modules of the users take all outputs together, as `base = module.base`. Nobody else needs these: ' +
            `${forModules.map(([output]) => `\`${output}\``).join(', ')}.`,
        ]),
  ];
  return text.join('\n\n');
}

/** What `base` hands on; a person has it as a variable already. */
const FOR_MODULES = ', for the rotated users.';

const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** In one line, as it could be written. */
const typeOf = ({ type }: Variable): string =>
  type
    .replace(/^\$\{([^]*)\}$/, '$1')
    .replaceAll(/^ *#.*\n/gm, '')
    .replaceAll(/([^({,])\n */g, '$1, ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(', }', ' }');

/** What a module takes as a whole from others: its type is what they hand on. */
const HANDED_ON: Readonly<Record<string, string>> = {
  base: 'outputs of base',
  users: 'outputs `delivery` of users',
};

const defaultOf = ({ default: value }: Variable): string =>
  value === undefined ? 'required' : `\`${JSON.stringify(value)}\``;
