import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import manifest from '../../package.json';
import { filesOf, type ReleaseCandidate, releaseProblems } from '../../release/release-problems';

const CANDIDATE: ReleaseCandidate = {
  tag: 'v0.1.0',
  manifest: {
    version: '0.1.0',
    repository: { type: 'git', url: 'git+https://code.example.com/team/iam-key-rotation.git' },
    bugs: { url: 'https://code.example.com/team/iam-key-rotation/issues' },
    homepage: 'https://code.example.com/team/iam-key-rotation#readme',
  },
  changelog: '# Changelog\n\n## [0.1.0] - 2026-12-01\n\n- first\n',
};

describe('a release', () => {
  it('may be made of a tag, a package.json and a CHANGELOG.md that agree', () => {
    expect(releaseProblems(CANDIDATE)).toEqual([]);
  });

  it.each(['v0.2.0', '0.1.0', 'v0.1.0-rc.1'])('is refused for the tag %s of the version 0.1.0', (tag) => {
    expect(releaseProblems({ ...CANDIDATE, tag })).toEqual([
      expect.stringContaining(`The tag is ${tag}, and package.json has the version 0.1.0`),
    ]);
  });

  it('is refused where CHANGELOG.md has no section of the version, or an empty one', () => {
    const [missing] = releaseProblems({
      ...CANDIDATE,
      changelog: '# Changelog\n\n## [Unreleased]\n\n- first\n',
    });
    const [empty] = releaseProblems({
      ...CANDIDATE,
      changelog: '## [0.1.0] - 2026-12-01\n\n## [0.0.9] - 2026-11-01\n',
    });

    expect(missing).toContain('Write `## [0.1.0] - <date>`');
    expect(empty).toContain('is empty');
  });

  it.each(['repository', 'bugs', 'homepage'] as const)(
    'is refused without a public address as %s',
    (field) => {
      for (const value of [undefined, '', 'git@code.example.com:team/it', { url: '' }]) {
        const [problem, ...more] = releaseProblems({
          ...CANDIDATE,
          manifest: { ...CANDIDATE.manifest, [field]: value },
        });

        expect(problem).toContain(`package.json has no \`${field}\``);
        expect(more).toEqual([]);
      }
    },
  );
});

it.each(['git+https://code.example.com/team/it.git', { url: 'https://code.example.com/team/it' }])(
  'the files of a release are where the repository of package.json is: %j',
  (repository) => {
    expect(filesOf({ version: '0.1.0', repository }, 'v0.1.0')).toBe(
      'https://code.example.com/team/it/blob/v0.1.0',
    );
  },
);

it('CHANGELOG.md and package.json are such that only a date and the public addresses can be missing', () => {
  const changelog = readFileSync(join(__dirname, '../../CHANGELOG.md'), 'utf8');
  const dated = changelog.replace('## [Unreleased]', `## [${manifest.version}] - 2026-12-01`);
  const problems = releaseProblems({ tag: `v${manifest.version}`, manifest, changelog: dated });

  expect(
    problems.filter((problem) => !/^package\.json has no `(repository|bugs|homepage)`/.test(problem)),
  ).toEqual([]);
});
