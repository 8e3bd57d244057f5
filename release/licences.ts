/** A package as package-lock.json has it. */
export interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly peer?: boolean;
  readonly optional?: boolean;
  /** It lies in the archive of the package above it. */
  readonly inBundle?: boolean;
}

/** By its path in the project: `node_modules/zod`. The project itself is ''. */
export type LockedPackages = Readonly<Record<string, LockedPackage>>;

/** They ask for no more than a notice, so code under them may be a part of what is published. */
const WITH_A_NOTICE_AT_MOST: readonly string[] = [
  ...[
    '0BSD',
    'Apache-2.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'BlueOak-1.0.0',
    'CC0-1.0',
    'ISC',
    'MIT',
    'MIT-0',
  ],
  ...['Unlicense', 'WTFPL'],
];

/** The lock file says none. */
const NONE = 'no licence';

/**
 * Others, which serve whoever develops the product and of which nothing is published. The peers that one installs oneself (CDKTF and
 * its provider) are among them.
 */
const OF_TOOLS: readonly (readonly [licence: string, packages: RegExp])[] = [
  // It evaluates policies, in tests alone.
  ['AGPL-3.0-or-later', /^@cloud-copilot\/iam-(?:policy|simulate|utils)$/],
  // CDKTF, which is loaded and not changed; and what looks at the page of the report, in a test.
  ['MPL-2.0', /^(?:cdktf|cdktf-cli|axe-core|@cdktf\/[\w-]+)$/],
  // Tables of browsers, of Jest.
  ['CC-BY-4.0', /^caniuse-lite$/],
  // Of platforms that the lock file was not made on it does not say it: Apache-2.0 as @swc/core, MIT as unrs-resolver.
  [NONE, /^(?:@swc\/core|@unrs\/resolver-binding)-[\w-]+$/],
  // MIT, in a form that npm no longer reads.
  [NONE, /^memorystream$/],
  // In the archive of cdktf.
  ['Public Domain', /^jsonify$/],
];

export const nameAt = (path: string): string =>
  path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Whether it comes with the package: a dependency of it, or of one. */
export const isInstalled = ({ dev, devOptional, peer, optional }: LockedPackage): boolean =>
  dev !== true && devOptional !== true && peer !== true && optional !== true;

/**
 * What is wrong with the licences of what the lock file names, as sentences: nothing copies a package whose licence nobody has looked at.
 *
 * @param bundled paths of the packages whose code is in what is published
 */
export function licenceProblems(
  packages: LockedPackages,
  bundled: readonly string[] = [],
): readonly string[] {
  return Object.entries(packages).flatMap(([path, locked]) => {
    // What lies in the archive of another package has the licence file there, and often none in the lock file.
    if (path === '' || (locked.inBundle === true && locked.license === undefined)) return [];
    const name = nameAt(path);
    const { license = NONE, version = '' } = locked;
    if (asksForANoticeAtMost(license)) return [];
    const isPublished = isInstalled(locked) || bundled.includes(path);
    if (!isPublished && OF_TOOLS.some(([licence, names]) => licence === license && names.test(name)))
      return [];
    return [
      `${name} ${version} has the licence ${license}, which ${isPublished ? 'nothing that is published may have' : 'nobody has admitted for a tool'}. ` +
        'Take another package, or read the licence and add it to release/licences.ts with the reason.',
    ];
  });
}

/** An expression of SPDX: of `A OR B` one may choose. https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/ */
const asksForANoticeAtMost = (expression: string): boolean =>
  expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => WITH_A_NOTICE_AT_MOST.includes(licence)));
