import { DAY, type Instant, type Milliseconds } from '../../contract/instant';
import { TAG_KEYS, TAG_NAMESPACE } from '../../contract/tags';
import type { KeyFacts, Rules } from './facts';
import { type Hint, hintOfName, hintOfUserAgent, kindOfAddress, type Place } from './hints';

/** What is to become of a key. The order is that of the table: what is done fastest and helps most is first. */
export const VERDICTS = ['delete', 'person', 'rotate', 'outside', 'ci', 'insideAws', 'rotated'] as const;
export type VerdictName = (typeof VERDICTS)[number];

export interface Verdict {
  readonly verdict: VerdictName;
  /** `fact`: what AWS says leaves no other verdict. `guess`: it rests on names, on user agents, or on nothing else being known. */
  readonly certainty: 'fact' | 'guess';
  /** Sentences; the first one is why. */
  readonly evidence: readonly string[];
}

/** What to do, in the words of the table and of the document. */
export const ADVICE: Readonly<Record<VerdictName, string>> = {
  delete: 'Nobody uses it: deactivate it, wait some days, delete it.',
  person: 'A person should sign in instead: IAM Identity Center, or aws login.',
  rotate: 'Rotate it.',
  outside: 'Used outside AWS: IAM Roles Anywhere; where that cannot be, rotate it.',
  ci: 'A CI system should assume a role with OIDC; where it cannot, rotate it.',
  insideAws: 'What runs in AWS should use a role.',
  rotated: 'It is rotated already.',
};

/**
 * The verdict on one access key.
 *
 * What decides first: a user that is rotated already; a key that nobody uses; a person's user. All three are facts. Then
 * what CloudTrail recorded, then the user's name, path and tags: those are guesses.
 */
export function verdict(facts: KeyFacts, rules: Rules): Verdict {
  return rotated(facts) ?? unused(facts, rules) ?? aPersons(facts, rules) ?? guessed(facts, rules);
}

/** Whether tags and calls could still change the verdict: they cost a call for each user and each key. */
export const isOpen = (facts: KeyFacts, rules: Rules): boolean =>
  (rotated(facts) ?? unused(facts, rules) ?? aPersons(facts, rules)) === undefined;

function rotated({ user: { rotation, tags = {} }, key }: KeyFacts): Verdict | undefined {
  const fact = (...evidence: readonly string[]): Verdict => ({
    verdict: 'rotated',
    certainty: 'fact',
    evidence,
  });
  if (rotation === undefined) {
    const stack = tags[TAG_KEYS.stack];
    if (stack === undefined || tags[TAG_KEYS.user] === undefined) return undefined;
    return fact(
      `The tags ${TAG_NAMESPACE}… say that stack ${stack} made the user. Give its --prefix to see more.`,
    );
  }
  const { stack, stableKey, itsKeys } = rotation;
  const where = `Stack ${stack} rotates the user, as ${stableKey}.`;
  if (itsKeys?.has(key.id) === false) {
    return fact(
      where,
      'The stack did not make this key. It stays as it is until takeOver names it; see docs/existing-users.md.',
    );
  }
  return fact(where);
}

function unused({ key, lastUse }: KeyFacts, { now, unusedFor }: Rules): Verdict | undefined {
  const fact = (...evidence: readonly string[]): Verdict => ({
    verdict: 'delete',
    certainty: 'fact',
    evidence,
  });
  const inactive =
    key.status === 'Active' ? [] : [`It is ${key.status === 'Inactive' ? 'Inactive' : 'not Active'}.`];
  const age = now - key.createdAt;
  if (lastUse === undefined && age > unusedFor)
    return fact(`It was never used, and it was made ${ago(age)}, at ${iso(key.createdAt)}.`, ...inactive);
  if (lastUse !== undefined && now - lastUse.at > unusedFor)
    return fact(
      `It was last used ${ago(now - lastUse.at)}, at ${iso(lastUse.at)}, for ${lastUse.service}.`,
      ...inactive,
    );
  if (key.status === 'Active') return undefined;
  return {
    verdict: 'delete',
    certainty: 'guess',
    evidence: [
      ...inactive,
      lastUse === undefined
        ? 'It was never used.'
        : `It was last used ${ago(now - lastUse.at)}: somebody deactivated it after that, and may still need it back.`,
    ],
  };
}

function aPersons({ user: { hasPassword, hasMfa }, lastUse }: KeyFacts, rules: Rules): Verdict | undefined {
  if (!hasPassword && !hasMfa) return undefined;
  const has = [...(hasPassword ? ['a password'] : []), ...(hasMfa ? ['an MFA device'] : [])].join(' and ');
  return {
    verdict: 'person',
    certainty: 'fact',
    evidence: [`The user has ${has}, as people have.`, ...use(lastUse, rules)],
  };
}

function guessed(facts: KeyFacts, rules: Rules): Verdict {
  const { user, lastUse, calls } = facts;
  const used = use(lastUse, rules);
  const smtp = lastUse?.service === 'ses' ? SMTP : [];
  const found = inCalls(facts) ?? inNames(facts);
  if (smtp.length > 0 && found?.place !== 'insideAws')
    return { verdict: 'rotate', certainty: 'guess', evidence: [...smtp, ...used] };
  if (found !== undefined)
    return { verdict: found.place, certainty: 'guess', evidence: [found.why, ...used] };
  const silent =
    calls === undefined
      ? `Nothing in the name ${user.userName}${user.tags === undefined ? '' : ' and its tags'} says where it is used.`
      : "Neither CloudTrail's event history nor the user's name and tags say where it is used.";
  return { verdict: 'rotate', certainty: 'guess', evidence: [silent, ...used] };
}

/** https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html */
const SMTP = [
  "It was last used for Amazon SES: its SMTP interface takes a password that is made from a user's key. sesSmtp keeps it in the secret.",
];

interface Found {
  readonly place: Place;
  readonly why: string;
}

/** What CloudTrail recorded, the newest first. A user agent says more than an address does. */
function inCalls({ calls = [] }: KeyFacts): Found | undefined {
  for (const { userAgent, call, at } of calls) {
    const hint = hintOfUserAgent(userAgent);
    if (hint !== undefined)
      return {
        place: hint.place,
        why: `CloudTrail has ${call} at ${iso(at)}, by ${hint.of}: ${shortened(userAgent)}`,
      };
  }
  const [first] = calls;
  if (first === undefined) return undefined;
  const all = new Set(calls.map(({ sourceAddress }) => kindOfAddress(sourceAddress)));
  if (all.size !== 1) return undefined;
  const why = `CloudTrail has ${calls.length} ${calls.length === 1 ? 'call' : 'calls'}, the last one from ${first.sourceAddress} at ${iso(first.at)}`;
  if (all.has('private')) return { place: 'insideAws', why: `${why}, an address within a VPC.` };
  if (all.has('public')) return { place: 'outside', why: `${why}, an address of the internet.` };
  return undefined;
}

function inNames({ user: { userName, path, tags = {} } }: KeyFacts): Found | undefined {
  const texts = [
    { text: userName, what: `The name ${userName}` },
    { text: path, what: `The path ${path}` },
    ...Object.entries(tags).map(([key, value]) => ({
      text: `${key}=${value}`,
      what: `The tag ${key}=${value}`,
    })),
  ];
  for (const { text, what } of texts) {
    const hint: Hint | undefined = hintOfName(text);
    if (hint !== undefined) return { place: hint.place, why: `${what} suggests ${hint.of}.` };
  }
  return undefined;
}

const use = (lastUse: KeyFacts['lastUse'], { now }: Rules): readonly string[] =>
  lastUse === undefined
    ? ['It was never used so far.']
    : [`It was last used ${ago(now - lastUse.at)} for ${lastUse.service} in ${lastUse.region}.`];

/** Whole days; within the first one, `today`. */
const ago = (age: Milliseconds): string => {
  const days = Math.floor(age / DAY);
  if (days < 1) return 'within the last day';
  return `${days} ${days === 1 ? 'day' : 'days'} ago`;
};

const iso = (at: Instant): string => new Date(at).toISOString();

const LONGEST_QUOTE = 120;
const shortened = (text: string): string =>
  text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE)}…`;
