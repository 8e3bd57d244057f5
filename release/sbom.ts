import { isInstalled, type LockedPackage, type LockedPackages, nameAt } from './licences';

/** What the software is made of, for programs that look for packages with known weaknesses. */
export const sbomName = (version: string): string => `iam-key-rotation-${version}.cdx.json`;

export interface SbomContents {
  readonly manifest: { readonly name: string; readonly version: string; readonly license: string };
  readonly packages: LockedPackages;
  /** Paths of the packages whose code is in what is published: in the functions and in the command. */
  readonly bundled: readonly string[];
}

/** A package of npm. https://github.com/package-url/purl-spec/blob/main/types-doc/npm-definition.md */
const purlOf = (name: string, version: string): string => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/**
 * The bill of materials as CycloneDX has it: each package that comes with ours, and each whose code is in its bundles. It has no time and
 * no number of its own, so the same sources give the same bytes (R10). `npm sbom` leaves out what is also a development dependency, which
 * is most of the AWS SDK, and knows nothing of bundles.
 * https://cyclonedx.org/docs/1.5/json/
 */
export function sbom({ manifest, packages, bundled }: SbomContents): string {
  const shipped = Object.entries(packages)
    .filter(([path, locked]) => path !== '' && (isInstalled(locked) || bundled.includes(path)))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  const refs = new Map(shipped.map(([path, { version = '' }]) => [path, purlOf(nameAt(path), version)]));
  const root = purlOf(manifest.name, manifest.version);
  const dependenciesOf = (path: string, { dependencies = {} }: LockedPackage): readonly string[] =>
    Object.keys(dependencies).flatMap((name) => refs.get(placeOf(name, path, packages)) ?? []);
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    ...{ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1 },
    metadata: {
      component: {
        ...{ type: 'library', 'bom-ref': root, name: manifest.name, version: manifest.version, purl: root },
        licenses: [{ license: { id: manifest.license } }],
      },
    },
    components: shipped.map(([path, locked]) => ({
      ...{
        type: 'library',
        'bom-ref': refs.get(path),
        name: nameAt(path),
        version: locked.version,
        purl: refs.get(path),
      },
      ...hashesOf(locked),
      licenses: [{ license: { id: locked.license } }],
      properties: [
        ...(isInstalled(locked) ? [{ name: 'iam-key-rotation:installed', value: 'true' }] : []),
        ...(bundled.includes(path) ? [{ name: 'iam-key-rotation:bundled', value: 'true' }] : []),
      ],
    })),
    dependencies: [
      { ref: root, dependsOn: dependenciesOf('', packages[''] ?? {}) },
      ...shipped.map(([path, locked]) => ({ ref: refs.get(path), dependsOn: dependenciesOf(path, locked) })),
    ],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** Where a package finds another: beside itself, or above. https://nodejs.org/api/modules.html#loading-from-node_modules-folders */
function placeOf(name: string, from: string, packages: LockedPackages): string {
  for (
    let folder = from;
    folder !== '';
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))
  ) {
    const place = `${folder}/node_modules/${name}`;
    if (place in packages) return place;
  }
  return `node_modules/${name}`;
}

/** `sha512-…` in base64, as npm checks it. */
const hashesOf = ({ integrity }: LockedPackage): object =>
  integrity === undefined
    ? {}
    : {
        hashes: [
          {
            alg: 'SHA-512',
            content: Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex'),
          },
        ],
      };
