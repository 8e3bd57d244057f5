import { changelogSection } from './changelog';

/** What of package.json a release rests on. */
export interface ReleasedManifest {
  readonly version: string;
  readonly repository?: unknown;
  readonly bugs?: unknown;
  readonly homepage?: unknown;
}

export interface ReleaseCandidate {
  /** The tag that was pushed, such as `v0.1.0`. */
  readonly tag: string;
  readonly manifest: ReleasedManifest;
  /** Text of CHANGELOG.md. */
  readonly changelog: string;
}

/** What a reader of the package follows to its sources and its maintainers. */
const ADDRESSES = ['repository', 'bugs', 'homepage'] as const;

/**
 * What keeps a tag from being released.
 *
 * @returns a sentence for each with what to do; none if it may be released
 */
export function releaseProblems({ tag, manifest, changelog }: ReleaseCandidate): readonly string[] {
  const { version } = manifest;
  const section = changelogSection(changelog, version);
  return [
    ...(tag === `v${version}`
      ? []
      : [
          `The tag is ${tag}, and package.json has the version ${version}: they have to agree. ` +
            `Tag the commit whose package.json has the version, as v${version}.`,
        ]),
    ...(section === undefined
      ? [
          `CHANGELOG.md has no section of this version. Write \`## [${version}] - <date>\` above what is in it.`,
        ]
      : []),
    ...(section === '' ? [`The section of ${version} in CHANGELOG.md is empty. Write what is in it.`] : []),
    ...ADDRESSES.filter((field) => !isSaid(manifest[field])).map(
      (field) =>
        `package.json has no \`${field}\`. Write the public address there (\`npm pkg set\`, see CONTRIBUTING.md): ` +
        'whoever gets the package has to find its sources and its maintainers.',
    ),
  ];
}

const isSaid = (field: unknown): boolean => /^(git\+)?https:\/\/\S+$/.test(addressIn(field));

/** As a text, or as npm's object with `url`. */
const addressIn = (field: unknown): string =>
  typeof field === 'object' && field !== null && 'url' in field ? String(field.url) : String(field);

/** Where the files of a tag are read, of a manifest that may be released. */
export const filesOf = ({ repository }: ReleasedManifest, tag: string): string =>
  `${addressIn(repository)
    .replace(/^git\+/, '')
    .replace(/\.git$/, '')}/blob/${tag}`;
