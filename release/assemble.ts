import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { CHECKSUMS_FILE, writeChecksums } from './checksums';

export interface ReleaseContents {
  /** Folder of the package, in which everything is built. */
  readonly project: string;
  /** Files that are released beside the package, such as the archive of the Terraform modules. */
  readonly archives: readonly string[];
  /** What people read on the page of the release. */
  readonly notes: string;
}

/** Where the release lies once it is assembled. */
export interface AssembledRelease {
  /** What is released: the package's archive, the other archives, and their checksums. */
  readonly folder: string;
  /** Not in the folder, so that what is in it has a checksum. */
  readonly notesFile: string;
}

/**
 * Puts what is built into one folder, with its checksums. The folder is made anew.
 *
 * @param folder - for what is released; the notes are written beside it
 * @throws Error where `npm pack` fails or an archive is missing
 */
export function assemble(folder: string, { project, archives, notes }: ReleaseContents): AssembledRelease {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync('npm', ['pack', '--loglevel=error', '--pack-destination', folder], {
    cwd: project,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const archive of archives) cpSync(archive, join(folder, basename(archive)));
  writeChecksums(folder);
  const notesFile = join(dirname(folder), `${basename(folder)}-notes.md`);
  writeFileSync(notesFile, `${notes}\n\n${howToVerify()}`);
  return { folder, notesFile };
}

const howToVerify = (): string =>
  `To check what you downloaded: \`sha256sum --check ${CHECKSUMS_FILE}\`, in its folder, and \`gh attestation verify <file> --repo <owner>/<repository>\`.\n`;
