import { changelogSection, withAbsoluteLinks } from '../../release/changelog';

const CHANGELOG = `# Changelog

## [Unreleased]

- not yet

## [0.2.0] - 2026-12-24

### Added

- a thing

## [0.1.0] - 2026-12-01

- first

[0.1.0]: https://example.com
`;

describe('the section of a version in CHANGELOG.md', () => {
  it('is what stands between its heading and that of the version before', () => {
    expect(changelogSection(CHANGELOG, '0.2.0')).toBe('### Added\n\n- a thing');
  });

  it('is not there for a version whose heading has no date, or for part of a number', () => {
    expect(changelogSection(CHANGELOG, '0.2')).toBeUndefined();
    expect(changelogSection('## [0.3.0]\n\n- a thing\n', '0.3.0')).toBeUndefined();
    expect(changelogSection(CHANGELOG, 'Unreleased')).toBeUndefined();
  });
});

it('links of the changelog lead from the page of a release to the files of its tag, and others stay', () => {
  const files = 'https://code.example.com/team/it/blob/v0.1.0';

  expect(withAbsoluteLinks('[a](docs/README.md#b), [c](https://example.com), [d](#d)', files)).toBe(
    `[a](${files}/docs/README.md#b), [c](https://example.com), [d](#d)`,
  );
});
