import { policyDocument, type PolicyStatement } from '../../../modules/aws/policy-document';

const statement = (Sid: string): PolicyStatement => ({ Sid, Effect: 'Allow', Action: 'a:B', Resource: '*' });

/** What Terraform makes of the directives, where the named conditions hold. */
const rendered = (template: string, ...holding: readonly string[]): string => {
  const innermost = /%\{ if ([^}]*) \}((?:(?!%\{).)*)%\{ endif \}/;
  let text = template;
  while (innermost.test(text)) {
    text = text.replace(innermost, (_, condition: string, inner: string) =>
      condition.split(' || ').some((one) => holding.includes(one)) ? inner : '',
    );
  }
  return text;
};

const sids = (text: string): readonly string[] =>
  (JSON.parse(text) as { Statement: readonly PolicyStatement[] }).Statement.map(({ Sid }) => Sid);

it('a policy document is JSON of all its statements', () => {
  expect(JSON.parse(policyDocument([statement('A'), statement('B')]))).toEqual({
    Version: '2012-10-17',
    Statement: [statement('A'), statement('B')],
  });
});

it.each([
  [[], ['C']],
  [['a'], ['A', 'C']],
  [['b'], ['B', 'C']],
  [
    ['a', 'b', 'd'],
    ['A', 'B', 'C', 'D'],
  ],
])('a policy document is JSON of those statements whose conditions hold: of %j', (holding, expected) => {
  const template = policyDocument([
    { where: 'a', statement: statement('A') },
    { where: 'b', statement: statement('B') },
    statement('C'),
    { where: 'd', statement: statement('D') },
  ]);

  expect(sids(rendered(template, ...holding))).toEqual(expected);
});
