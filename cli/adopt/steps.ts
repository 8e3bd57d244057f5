import { HOUR } from '../../contract/instant';
import { SHORTEST_OVERLAP_TAKEN_OVER } from '../../handlers/core/key-moves/overlap';
import { sortTags } from '../../modules/config/rules/tags';
import type { UserAccess } from './account';
import type { ChosenUser } from './entries';
import { needsSlot } from './entries';
import { shellWord } from '../shell-word';
import { type Forgetting, removedBlocks } from './forget';

/** One thing that a person does, in its place in the order. */
export interface Step {
  /** `otherTerraform`: in the configuration whose state was given; `here`: where rotation.yaml is. */
  readonly where: 'account' | 'otherTerraform' | 'here' | 'applications';
  readonly title: string;
  readonly text: readonly string[];
  /** HCL to write. */
  readonly hcl?: string;
  readonly commands?: readonly string[];
}

/** The state that was given, and what has to be forgotten there. */
export interface ToForget {
  /** As it was given; `-` is standard input. */
  readonly file: string;
  readonly forgetting: Forgetting;
}

export interface Migration {
  /** The file with the entries. */
  readonly file: string;
  readonly chosen: readonly ChosenUser[];
  readonly toForget: readonly ToForget[];
  /** Whether anybody said what other Terraform there is. */
  readonly statesKnown: boolean;
  /** What each user has, by name, where the users move into the state of this project; undefined: they stay with their owner. */
  readonly access?: ReadonlyMap<string, UserAccess> | undefined;
}

/** Everything from the entries to the retired old keys, in the order in which nothing is lost. */
export function migrationSteps(migration: Migration): readonly Step[] {
  const { toForget } = migration;
  return [
    ...freeSlots(migration),
    ...toForget.flatMap((one) => forgettingSteps(one)),
    ...keepTags(migration),
    apply(migration),
    {
      where: 'applications',
      title: 'Move the applications to the secrets, one by one.',
      text: [
        'The old keys work as before; nothing is rotated, deactivated or deleted because a user is in rotation.yaml. How applications read: docs/applications.md.',
        'These commands say when an old key was used last. AWS reports it hours late.',
      ],
      commands: migration.chosen.flatMap(({ findings }) =>
        findings.map(({ key }) => `aws iam get-access-key-last-used --access-key-id ${key.id}`),
      ),
    },
    takeOver(migration),
  ];
}

function freeSlots({ chosen }: Migration): readonly Step[] {
  const full = chosen.filter(({ findings }) => needsSlot(findings));
  if (full.length === 0) return [];
  return [
    {
      where: 'account',
      title: 'Free a slot.',
      text: [
        'IAM has two slots for each user, and the first key that is made here needs one. Of each of these users, delete the key that nothing uses:',
        ...full.map(
          ({ user, findings }) =>
            `  ${user.userName}: ${findings.map(({ key, verdict, evidence: [why = ''] }) => `${key.id} (${verdict}: ${why})`).join(' or ')}`,
        ),
      ],
    },
  ];
}

function keepTags({ chosen, access }: Migration): readonly Step[] {
  const refused = chosen.flatMap(({ user: { userName } }) =>
    sortTags(access?.get(userName)?.tags ?? {}).refused.map(
      ({ key, value, why }) => `  ${userName}: ${key}=${value} (${why})`,
    ),
  );
  if (refused.length === 0) return [];
  return [
    {
      where: 'here',
      title: 'Keep the tags that rotation.yaml cannot hold.',
      text: [
        'The apply takes these tags off the users. Where something needs one, name its key under ignoreTags.keys of the stack first: then Terraform leaves it as it is.',
        ...refused,
      ],
    },
  ];
}

/** What the other Terraform does first; also told to whoever takes over keys that it still owns. */
export function forgettingSteps({ file, forgetting }: ToForget): readonly Step[] {
  const { blocks, addresses, shared, dependents } = forgetting;
  const state = file === '-' ? 'the other state' : file;
  const steps: Step[] = [];
  if (shared.length > 0) {
    steps.push({
      where: 'otherTerraform',
      title: 'Divide what names several users.',
      text: [
        `In the configuration of ${state} these name further users, who stay: ${shared.join(', ')}. To forget one would forget all. Write one aws_iam_user_policy_attachment, or aws_iam_user_group_membership, for each user first, apply, and begin again.`,
      ],
    });
  }
  if (blocks.length > 0) {
    steps.push({
      where: 'otherTerraform',
      title: `Have the configuration of ${state} forget what it must not touch any more.`,
      text: [
        `Take these blocks out, and write the text below in their place, in one change: ${blocks.join(', ')}.`,
        ...dependentsText(dependents),
        'Its plan has to say "0 to destroy", and "will no longer be managed" for each of them. Then apply it.',
      ],
      hcl: removedBlocks(blocks),
      commands: [...PLAN_AND_CHECK, 'terraform apply plan'],
    });
  }
  if (addresses.length > 0) {
    steps.push({
      where: 'otherTerraform',
      title: `Have the state of ${state} forget what no removed block can name.`,
      text: [
        'These are in a module, or some of several of one block. Let no apply run there meanwhile. Run the commands, and in the same change take them out of the configuration: out of `for_each` or `count`, or by the input with which the module makes no access key.',
        ...(blocks.length > 0 ? [] : dependentsText(dependents)),
        'The plan afterwards has to change nothing: one that would create a key, or destroy something, is not to be applied.',
      ],
      commands: [
        ...addresses.map((address) => `terraform state rm ${shellWord(address)}`),
        ...PLAN_AND_CHECK,
      ],
    });
  }
  return steps;
}

const PLAN_AND_CHECK = [
  'terraform plan -out=plan',
  'terraform show -json plan | npx iam-key-rotation check-plan -',
];

const dependentsText = (dependents: readonly string[]): readonly string[] =>
  dependents.length === 0
    ? []
    : [
        `These refer to them: ${dependents.join(', ')}. Terraform refuses the plan as long as they do. What gives the old key to applications must stay in the account until they have moved: have it forgotten in the same way.`,
      ];

function apply({ file, access, chosen }: Migration): Step {
  const names = chosen.map(({ stableKey }) => stableKey);
  return {
    where: 'here',
    title: 'Include the file and apply.',
    text: [
      `Name ${file} in the list \`include\` of a stack of rotation.yaml, as it is seen from rotation.yaml.`,
      access !== undefined
        ? `The plan says "${chosen.length} to import". Read it: another path or boundary than the user has would change the user, and so would tags that it takes off. The tags that it adds are those of the stack and of iam-key-rotation.`
        : 'The plan changes no IAM user.',
      `After the apply each of ${names.join(', ')} has a secret with a new key, which was proved to work.`,
    ],
    commands: APPLY,
  };
}

const APPLY = [
  'npm run synth',
  'cd cdktf.out/stacks/<stack>',
  'terraform init',
  ...PLAN_AND_CHECK,
  'terraform apply plan',
];

const RETIRED_LIKE_PREVIOUS = `The keys are then retired like previous ones: not before ${SHORTEST_OVERLAP_TAKEN_OVER / HOUR} hours, and not while they are in use.`;

function takeOver({ file, toForget, statesKnown }: Migration): Step {
  const states = toForget.map((one) => one.file);
  const given = states.map((state) => ` --state ${shellWord(state)}`).join('');
  const pull = states.includes('-') ? 'terraform -chdir=<the other configuration> state pull | ' : '';
  return {
    where: 'here',
    title: 'Retire the old keys, once no application uses them.',
    text: [
      'The first command writes takeOver into the file, unless the other Terraform still owns a key: that one would activate the key again, or make another.',
      RETIRED_LIKE_PREVIOUS,
      ...(states.length > 0
        ? ['Give the state as it is then, not the one of today.']
        : statesKnown
          ? []
          : [
              'Where another Terraform made the keys, give its state in place of --no-state, which says that there is none.',
            ]),
    ],
    commands: [
      `${pull}npx iam-key-rotation adopt --take-over ${shellWord(file)}${given === '' ? ' --no-state' : given}`,
      ...APPLY,
    ],
  };
}

/** After `adopt --take-over`. */
export const applyTakeOver: Step = {
  where: 'here',
  title: 'Apply.',
  text: [RETIRED_LIKE_PREVIOUS, 'The sweep of each hour does it.'],
  commands: APPLY,
};

const PLACES: Readonly<Record<Step['where'], string>> = {
  account: 'In the account',
  otherTerraform: 'In the other configuration',
  here: 'Here',
  applications: 'In the applications',
};

/** The steps as text: numbered, commands and HCL indented so that they can be copied. */
export function stepsText(steps: readonly Step[]): string {
  return steps
    .map(({ where, title, text, hcl, commands = [] }, at) =>
      [
        `${at + 1}. ${PLACES[where]}: ${title}`,
        ...text.map((line) => `   ${line}`),
        ...(hcl === undefined
          ? []
          : [
              '',
              ...hcl
                .trimEnd()
                .split('\n')
                .map((line) => indented(line)),
              '',
            ]),
        ...commands.map((line) => indented(line)),
      ].join('\n'),
    )
    .join('\n\n');
}

const indented = (line: string): string => (line === '' ? '' : `     ${line}`);
