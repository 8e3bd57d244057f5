import { constants } from 'node:buffer';
import { readFileSync } from 'node:fs';

/** How the JSON of a plan is made. */
export const HOW_TO_MAKE_ONE =
  'Make it with: terraform plan -out=plan && terraform show -json plan > plan.json';

/** Leaves out of a plan's JSON what is not judged. The plan is judged as before. */
const HOW_TO_SHORTEN =
  "Leave out what is not judged: terraform show -json plan | jq -c '.planned_values = {} | .configuration = {} | del(.prior_state)' > plan.json";

/** What a person is told whose file cannot be read. */
export interface Remedies {
  readonly howToMakeOne: string;
  readonly howToShorten: string;
}

const OF_PLANS: Remedies = { howToMakeOne: HOW_TO_MAKE_ONE, howToShorten: HOW_TO_SHORTEN };

/**
 * The text of a file. What Windows PowerShell writes with `>` is read, too: UTF-16 with a byte order mark.
 *
 * @param file `-` reads standard input.
 * @throws Error if there is no such file, it is longer than a text can be (512 MiB), or its bytes are no text.
 */
export function planText(file: string, remedies = OF_PLANS): string {
  const bytes = bytesOf(file, remedies);
  const encoding = encodingOf(bytes);
  if (bytes.length / (encoding === 'utf-8' ? 1 : 2) > constants.MAX_STRING_LENGTH)
    throw tooLong(file, remedies);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error(`${file} is neither UTF-8 nor UTF-16, so it cannot be read. ${remedies.howToMakeOne}`, {
      cause: error,
    });
  }
}

function bytesOf(file: string, remedies: Remedies): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    if (code === 'ERR_FS_FILE_TOO_LARGE') throw tooLong(file, remedies, error);
    throw new Error(`${file} cannot be read (${code}). ${remedies.howToMakeOne}`, { cause: error });
  }
}

const tooLong = (file: string, { howToShorten }: Remedies, cause?: unknown): Error =>
  new Error(
    `${file} is longer than the 512 MiB that can be read at once, so it was not checked. ${howToShorten}`,
    { cause },
  );

/** By the byte order mark, which the decoder then takes off. https://encoding.spec.whatwg.org/#bom-sniff */
function encodingOf(bytes: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}
