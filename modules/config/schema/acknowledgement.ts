import { choice, duration, map } from './builders';

export const acknowledgement = map(
  {
    by: choice(['command', 'use', 'either'], {
      description:
        'How it becomes known that the consumers work with the current key. `command`: somebody says so, with `iam-key-rotation acknowledge`. `use`: IAM reports a use of the key, other than of STS. `either`: the first of both.',
    }),
    remindAfter: duration({
      description: 'How long after a promotion people are reminded.',
      unit: 'd',
    }).default('3d'),
    atMaximumKeyAge: choice(['hold', 'retire'], {
      description:
        'What becomes of a previous key that reaches the maximum key age without it; people are told 7 days before. `hold`: it stays usable, against the policy. `retire`: it is retired all the same.',
    }).default('hold'),
  },
  {
    description:
      'A previous key is retired only when the consumers are known to work with the current one, for consumers that get the key from a person: see [acknowledgement](delivery.md#acknowledgement).',
    absent: 'the overlap alone decides',
    example: '{ by: command }',
  },
);
