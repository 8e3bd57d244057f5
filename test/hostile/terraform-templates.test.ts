import { stringify } from 'yaml';

import type { StackConfiguration } from '../../modules/config/configuration';
import { parseConfiguration } from '../../modules/config/parse-configuration';
import { ConfigurationError } from '../../modules/config/problem';
import { dataWith, everyPlace } from '../modules/config/schema/every-key';
import { synthesize } from '../modules/support/synthesize';

/*
 * A `${` or `%{` of the file must not become a template of Terraform, which could read other resources into a name that others see, or
 * end the plan. What the file may hold, comes out as it is, or the file is refused.
 */

/** A reference that nobody but this test writes. */
const MARK = 'aws_secretsmanager_secret.hostile';
const TEMPLATES = [`\${${MARK}.arn}`, `%{ if ${MARK} }x%{ endif }`, `$\${${MARK}.arn}`, `a$\${\${${MARK}}`];

/**
 * Whether Terraform would evaluate the mark: a sign before the sign of a template makes text of it.
 * https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences-1
 */
const isEvaluated = (text: string): boolean =>
  /(?<!\$)\$\{[^{}]*aws_secretsmanager_secret\.hostile|(?<!%)%\{[^{}]*aws_secretsmanager_secret\.hostile/.test(
    text,
  );

/** The texts of a synthesized stack as Terraform reads them. */
const textsIn = (value: unknown): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : [];

const TEMPLATE = TEMPLATES.join('');

/** As it may stand where a path, an address or a document is asked for. */
const VALUES: readonly unknown[] = [
  TEMPLATE,
  `/${TEMPLATE.replaceAll(' ', '')}/`,
  `https://wiki.example.com/${TEMPLATE.replaceAll(' ', '')}`,
  {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: '*', Resource: `arn:aws:s3:::${TEMPLATE}` }],
  },
];

const stackWith = (path: readonly (string | number)[], value: unknown): StackConfiguration | undefined => {
  const data = dataWith(path, value) as { stacks: { production: { users: object } } };
  const { production } = data.stacks;
  if (typeof production.users !== 'object') return undefined;
  production.users = { other: {}, ...production.users };
  try {
    return parseConfiguration('rotation.yaml', stringify(data)).stacks[0];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return undefined;
  }
};

/** Each place with the first of the values that it takes. What limits the files of others is in no stack. */
const TAKEN = everyPlace()
  .map(({ path }) => path)
  .filter((path) => path.length > 2 && path[0] === 'stacks' && !path.includes('allow'))
  .flatMap((path) => {
    const value = VALUES.find((one) => stackWith(path, one) !== undefined);
    return value === undefined ? [] : [[path.slice(2).join('.'), path, value] as const];
  });

it('few places of the file take a template of Terraform', () => {
  expect(TAKEN.map(([name]) => name)).toEqual([
    'backend.http.address',
    'backend.local.path',
    'rolePath',
    'alerts.runbookUrl',
    'users.ci-deployer.path',
    'users.ci-deployer.inlinePolicies.name',
  ]);
});

it.each(TAKEN)('a template of Terraform in %s is taken as the text that it is', (_name, path, value) => {
  const texts = textsIn(JSON.parse(synthesize(stackWith(path, value)!).text));

  expect(texts.filter((text) => text.includes(MARK)).length).toBeGreaterThan(0);
  expect(texts.filter(isEvaluated)).toEqual([]);
});
