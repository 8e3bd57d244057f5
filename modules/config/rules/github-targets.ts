import { GITHUB_API } from '../../../contract/delivery';
import type { Path, Problem } from '../problem';
import type { RawUser } from '../schema/user';
import { GITHUB_SECRET_NAME } from '../schema/deliver/github-actions';
import { checkAllowPrivate } from './allow-private';
import { checkFields, type TargetRules } from './target-fields';
import { checkSecretId, OF_TOKEN } from './target-secret-ids';

type RawGithubTarget = Partial<NonNullable<NonNullable<RawUser['deliver']>[number]['githubActions']>>;

const OF_SECRETS = {
  key: 'secrets',
  pattern: GITHUB_SECRET_NAME,
  rule: 'a secret of GitHub Actions is named by 1 to 255 letters, digits and _, does not begin with a digit nor with GITHUB_',
  of: 'secrets',
};

/** One owner, names that GitHub takes, and a token that the function can read. */
export function checkGithubTarget(rules: TargetRules, path: Path, target: RawGithubTarget): Problem[] {
  const { repository, organization, secrets, tokenSecret, apiUrl = GITHUB_API, allowPrivate } = target;
  const isWhole = ['repository', 'organization'].every((key) => rules.draft.isSound([...path, key]));
  return [
    ...(isWhole && (repository === undefined) === (organization === undefined) ? [oneOwner(path)] : []),
    ...(secrets === undefined ? [] : checkFields(rules, [...path, 'secrets'], secrets, OF_SECRETS)),
    ...(tokenSecret === undefined
      ? []
      : checkSecretId(rules, [...path, 'tokenSecret'], tokenSecret, OF_TOKEN)),
    ...checkAllowPrivate([...path, 'allowPrivate'], allowPrivate, apiUrl),
  ];
}

const oneOwner = (path: Path): Problem => ({
  path,
  rule: 'secrets of GitHub Actions are those of a repository, or of an organization: one of the two keys',
  write: 'repository: acme/payments',
});

/** Undefined: it does not say. GitHub takes owners and repositories that differ only in case for the same. */
export function githubPlaceOf(target: RawGithubTarget): string | undefined {
  const { repository, environment, organization, apiUrl = GITHUB_API } = target;
  const owner = repository ?? (organization && `organization ${organization}`);
  if (owner === undefined) return undefined;
  const part = environment === undefined ? '' : `, environment ${environment}`;
  const server = apiUrl === GITHUB_API ? '' : ` at ${apiUrl}`;
  return `GitHub secrets of ${owner.toLowerCase()}${part}${server}`;
}
