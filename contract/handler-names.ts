/** The handlers of functions: each has the folder of its entry, and its zip, called so. */
export const HANDLER_NAMES = [
  'rotate-access-key',
  'retire-access-keys',
  'notify-people',
  'deliver-access-keys',
  'respond-to-leaks',
] as const;

export type HandlerName = (typeof HANDLER_NAMES)[number];
