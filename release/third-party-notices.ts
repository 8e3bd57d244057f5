import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

import { type BuildOptions, buildSync } from 'esbuild';

/** The file beside what is published. */
export const NOTICES_FILE = 'THIRD-PARTY-NOTICES';

interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Its licence and notice files, as they are in the package. */
  readonly texts: readonly string[];
}

/** The Apache License 2.0. */
const OWN_LICENSE = join(__dirname, '..', 'LICENSE');

/** Licences that ask for no notice in a copy. */
const WITHOUT_NOTICE: readonly string[] = ['MIT-0', '0BSD', 'CC0-1.0'];

const INTRODUCTION =
  'The code that iam-key-rotation publishes contains code of the following packages, under the licences below.';

/**
 * The copyright notices and licences of all packages that are part of bundles. MIT and Apache-2.0 ask for them in each copy.
 *
 * @throws Error that names a package whose licence has no text: nobody may publish its code then
 */
export function thirdPartyNotices(bundles: readonly BuildOptions[]): string {
  const packages = bundles
    .flatMap(packageFoldersOf)
    .filter((folder, index, all) => all.indexOf(folder) === index)
    .map(readPackage)
    .sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
  // Most packages of the AWS SDK have the same text.
  const sections = new Map<string, BundledPackage[]>();
  for (const one of packages) {
    const text = one.texts.map((part) => part.trim()).join('\n\n');
    sections.set(text, [...(sections.get(text) ?? []), one]);
  }
  return `${[INTRODUCTION, ...[...sections].map(asSection)].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** The packages whose code is in bundles, each once: their folders, as `node_modules/zod`. */
export const bundledPackages = (project: string, bundles: readonly BuildOptions[]): readonly string[] =>
  [...new Set(bundles.flatMap(packageFoldersOf))].map((folder) => relative(project, folder)).sort();

const asSection = ([text, packages]: readonly [string, readonly BundledPackage[]]): string =>
  [packages.map(({ name, version, license }) => `${name} ${version} (${license})`).join('\n'), text].join(
    '\n\n',
  );

function packageFoldersOf(options: BuildOptions): readonly string[] {
  const { metafile } = buildSync({ ...options, write: false, metafile: true });
  return Object.entries(metafile.outputs)
    .flatMap(([, { inputs }]) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([input]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0] ?? [])
    .map((folder) => resolve(options.absWorkingDir ?? '.', folder));
}

function readPackage(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as BundledPackage;
  const files = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    .sort()
    .map((file) => join(folder, file));
  // The text of the Apache License names nobody: a package that only says so in its package.json is under the same text.
  if (files.length === 0 && license === 'Apache-2.0') files.push(OWN_LICENSE);
  if (files.length === 0 && !WITHOUT_NOTICE.includes(license)) {
    throw new Error(
      `${name} ${version} (${license}) has no licence file: its code cannot be published in a bundle.`,
    );
  }
  return { name, version, license, texts: files.map((file) => readFileSync(file, 'utf8')) };
}
