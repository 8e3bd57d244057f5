import type { Unseen } from './report-document';

/** What no report of this kind has, whatever the account allows. */
export const ALWAYS_UNSEEN: readonly Unseen[] = [
  {
    what: 'Reads by principals of other accounts.',
    why: 'The event history does not have them. A trail does.',
    when: 'always',
  },
  {
    what: "Reads of a secret's copies in other regions, and calls of BatchGetSecretValue.",
    why: 'The event history of the region of the stack was asked for GetSecretValue alone. A trail of all regions has the rest.',
    when: 'always',
  },
  {
    what: 'When each key became current, further back than the journal goes.',
    why: 'No event of AWS shows what a secret holds. The log of the rotation function does.',
    when: 'always',
  },
  {
    what: 'What was done with the keys.',
    why: 'This report has their last use alone. npx iam-key-rotation who-uses, or a trail, has more.',
    when: 'always',
  },
  {
    what: 'Faults that are over and that people were told of.',
    why: 'The table keeps a fault until its end was told. The messages that people got have the rest.',
    when: 'always',
  },
  {
    what: 'Suspicious acts, and the log files of a trail.',
    why: 'They were not read. The log group of suspicious acts and the trail have them: see docs/audit.md.',
    when: 'always',
  },
  {
    what: 'Users, keys and secrets outside of this stack.',
    why: 'This report is about the users of one stack. Controls are about the whole account.',
    when: 'always',
  },
];
