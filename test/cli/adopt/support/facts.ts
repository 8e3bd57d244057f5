import { DAY } from '../../../../contract/instant';
import type { KeyFacts, Rules, UserFacts } from '../../../../cli/adopt/facts';
import type { Finding } from '../../../../cli/adopt/survey';
import type { AccessKey, LastUse } from '../../../../handlers/core/model/access-key';
import { keyId, NOON } from '../../../handlers/support/fixtures';

export const RULES: Rules = { now: NOON, unusedFor: 90 * DAY };

export const aKey = (own: Partial<AccessKey> = {}): AccessKey => ({
  id: keyId(),
  status: 'Active',
  createdAt: NOON - 400 * DAY,
  ...own,
});

/** @param days ago */
export const used = (days: number, service = 's3', region = 'eu-west-1'): LastUse => ({
  at: NOON - days * DAY,
  ...{ service, region },
});

export const aUser = (own: Partial<UserFacts> = {}): UserFacts => ({
  ...{ userName: 'mailer', path: '/', hasPassword: false, hasMfa: false, tags: {} },
  ...own,
});

/** A key that was used yesterday, of a user of whom nothing is known. */
export const facts = (
  own: Partial<Omit<KeyFacts, 'user'>> & { readonly user?: Partial<UserFacts> } = {},
): KeyFacts => ({
  key: aKey(),
  lastUse: used(1),
  ...own,
  user: aUser(own.user),
});

export const aFinding = (
  own: Partial<Omit<Finding, 'user'>> & { readonly user?: Partial<UserFacts> } = {},
): Finding => ({
  ...facts(own),
  ...{ verdict: 'rotate', certainty: 'guess', evidence: ['Nothing says where it is used.'] },
  ...(own.verdict === undefined ? {} : { verdict: own.verdict }),
});
