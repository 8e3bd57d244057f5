import { readFileSync } from 'node:fs';

/** The file is no text, or in an encoding that is not read here. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError';
}

/**
 * The text of a file: UTF-8, or UTF-16 with a byte order mark, which Windows PowerShell writes when it redirects an output.
 *
 * @throws EncodingError if it is neither; what the file system says if it cannot be read
 */
export function readTextFile(path: string): string {
  const bytes = readFileSync(path);
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  try {
    // A byte order mark is left out.
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new EncodingError(`${path} is no text in UTF-8`, { cause: error });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'no permission to read it',
  EISDIR: 'a folder',
  ELOOP: 'links that lead to one another',
};

/** Why a file cannot be read, in words. */
export function whyUnreadable(error: unknown): string {
  if (error instanceof EncodingError) return 'no text in UTF-8';
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return REASONS[code] ?? code;
}
