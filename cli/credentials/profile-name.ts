import { InvalidArgumentError } from 'commander';

/** Reads a profile's name from the command line; spaces within are allowed. */
export function profileName(text: string): string {
  // eslint-disable-next-line no-control-regex -- a line break would begin a line of the file
  if (text !== '' && text === text.trim() && !/[[\]\u0000-\u001f\u007f]|\s[#;]|^[#;]/.test(text)) return text;
  throw new InvalidArgumentError(
    'A profile has a name without brackets, line breaks, outer spaces, and comment signs after a space.',
  );
}
