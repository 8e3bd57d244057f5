import { parse, stringify } from 'yaml';

type YamlMap = Record<string, unknown>;

/** What names things that only the real account has, or that a stack to be thrown away must not have. */
const OF_THE_REAL_STACK = [
  'backend',
  'deployRoleArn',
  'kmsKeyArn',
  'logKmsKeyArn',
  'permissionsBoundaryArn',
] as const;
const OF_THE_REAL_USER = ['existing', 'permissionsBoundaryArn'] as const;
const MANAGED_BY_AWS = /^arn:[\w-]+:iam::aws:policy\//;

/**
 * The same users and schedules for a stack that is thrown away: nothing guards it, a deleted secret is gone at once,
 * a leaked key is replaced, the state is a file beside it, and nothing in it names what an empty account does not have.
 *
 * @param text a `rotation.yaml` that is valid.
 */
export function throwAwayConfiguration(text: string): string {
  const configuration = parse(text) as YamlMap & { stacks: Record<string, YamlMap> };
  return stringify({ ...configuration, stacks: mapValues(configuration.stacks, throwAwayStack) });
}

function throwAwayStack(stack: YamlMap): YamlMap {
  return {
    ...without(stack, OF_THE_REAL_STACK),
    protection: 'off',
    secretRecoveryDays: 0,
    // Nobody is there to answer a leak.
    onLeak: 'replace',
    users: mapValues((stack['users'] ?? {}) as Record<string, YamlMap | null>, throwAwayUser),
  };
}

function throwAwayUser(user: YamlMap | null): YamlMap {
  const policyArns = (user?.['policyArns'] ?? []) as string[];
  return {
    ...without(user ?? {}, OF_THE_REAL_USER),
    policyArns: policyArns.filter((arn) => MANAGED_BY_AWS.test(arn)),
  };
}

const without = (map: YamlMap, keys: readonly string[]): YamlMap =>
  Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));

const mapValues = <From, To>(map: Record<string, From>, change: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
