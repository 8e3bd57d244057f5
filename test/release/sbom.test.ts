import lock from '../../package-lock.json';
import manifest from '../../package.json';
import { sbom, sbomName } from '../../release/sbom';

const BUNDLED = 'node_modules/@aws-sdk/client-iam';
const text = sbom({ manifest, packages: lock.packages, bundled: [BUNDLED] });

interface Document {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: { readonly name: string; readonly version: string } };
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly name: string;
    readonly version: string;
    readonly purl: string;
    readonly licenses: readonly { readonly license: { readonly id: string } }[];
    readonly hashes: readonly { readonly alg: string; readonly content: string }[];
    readonly properties: readonly { readonly name: string }[];
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}
const document = JSON.parse(text) as Document;
const named = (name: string) => document.components.find((one) => one.name === name);

describe('The bill of materials', () => {
  it('is of this version, in CycloneDX', () => {
    expect(document).toMatchObject({
      ...{ bomFormat: 'CycloneDX', specVersion: '1.5' },
      metadata: { component: { name: 'iam-key-rotation', version: manifest.version } },
    });
    expect(sbomName('1.2.3')).toBe('iam-key-rotation-1.2.3.cdx.json');
  });

  it('has every runtime dependency, and what those need, also where it is a development dependency besides', () => {
    for (const name of Object.keys(manifest.dependencies)) expect(named(name)).toBeDefined();
    expect(named('@smithy/core')).toBeDefined();
    expect(named('tslib')).toBeDefined();
  });

  it('has what is bundled, and nothing that is only used to develop', () => {
    expect(named('@aws-sdk/client-iam')?.properties.map(({ name }) => name)).toEqual([
      'iam-key-rotation:bundled',
    ]);
    for (const name of ['jest', 'cdktf', '@cloud-copilot/iam-simulate']) expect(named(name)).toBeUndefined();
  });

  it('names each package as scanners do, with its licence and the checksum that npm holds it to', () => {
    for (const { name, version, purl, licenses, hashes } of document.components) {
      expect(purl).toBe(`pkg:npm/${name.replace('@', '%40')}@${version}`);
      expect(licenses[0]?.license.id).toMatch(/^[\w.-]+$/);
      expect(hashes).toEqual([{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }]);
    }
  });

  it('says of each what it needs, and nothing that it does not have', () => {
    const refs = new Set(document.components.map((one) => one['bom-ref']));
    const [own, ...others] = document.dependencies;

    expect(own?.dependsOn).toHaveLength(Object.keys(manifest.dependencies).length);
    expect(others.map(({ ref }) => ref)).toEqual(document.components.map((one) => one['bom-ref']));
    for (const { dependsOn } of document.dependencies)
      for (const ref of dependsOn) expect(refs).toContain(ref);
    expect(others.find(({ ref }) => ref.includes('https-proxy-agent'))?.dependsOn).toEqual(
      expect.arrayContaining([expect.stringMatching(/^pkg:npm\/agent-base@/)]),
    );
  });

  it('is the same whenever it is made (R10), and names no machine', () => {
    expect(sbom({ manifest, packages: lock.packages, bundled: [BUNDLED] })).toBe(text);
    expect(text).not.toMatch(/timestamp|serialNumber|https?:\/\/(?!cyclonedx)/);
  });
});
