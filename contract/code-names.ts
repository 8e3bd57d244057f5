/** What the code of a function is called: the folder of its entry, and its zip. */
export const CODE_NAMES = [
  'rotate-access-key',
  'retire-access-keys',
  'notify-people',
  'deliver-access-keys',
  'respond-to-leaks',
] as const;

export type CodeName = (typeof CODE_NAMES)[number];
