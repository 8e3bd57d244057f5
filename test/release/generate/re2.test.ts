import { re2Of } from '../../../release/generate/re2';

it('a pattern for Terraform is the pattern itself where it looks nowhere', () => {
  expect(re2Of(/^a|b\/c$/)).toEqual({ matches: ['^a|b/c$'], doesNotMatch: [] });
});

it('a pattern for Terraform that looks ahead at its beginning becomes several, and a length', () => {
  expect(re2Of(/^(?!\/(aws|ssm))(?=.{2,940}$)(?=x)(\/[a-z.]+){1,15}$/i)).toEqual({
    matches: ['(?i)^x', '(?i)^(/[a-z.]+){1,15}$'],
    doesNotMatch: ['(?i)^/(aws|ssm)'],
    length: { from: 2, to: 940 },
  });
});

it('a pattern for Terraform takes of any sign only those that a text of the file may have', () => {
  expect(re2Of(/^\S(.{0,9}\S)?$/).matches).toEqual([
    '^[^\\p{C}\\s\\p{Z}]([^\\p{C}\\p{Zl}\\p{Zp}]{0,9}[^\\p{C}\\s\\p{Z}])?$',
  ]);
});

it.each([/^a(?=b)c$/, /^a(?!b)/, /(?<=a)b/, /^(?!arn:)a$|^b$/])(
  'a pattern for Terraform that it cannot say is refused: %s',
  (pattern) => {
    expect(() => re2Of(pattern)).toThrow('Terraform has no way to say');
  },
);
