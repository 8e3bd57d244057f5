import { parse } from 'yaml';

import { repositoryFiles, textOf } from './support/repository';

interface Form {
  readonly name: string;
  readonly description: string;
  readonly body: readonly {
    readonly type: string;
    readonly id?: string;
    readonly attributes: {
      readonly label?: string;
      readonly value?: string;
      readonly options?: readonly unknown[];
    };
  }[];
}

/** https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema */
const TYPES = ['markdown', 'textarea', 'input', 'dropdown', 'checkboxes'];

const FORMS = repositoryFiles()
  .filter((file) => /^\.github\/ISSUE_TEMPLATE\/(?!config)[\w-]+\.yml$/.test(file))
  .map((file) => [file, parse(textOf(file)) as Form] as const);

describe.each(FORMS)('the form %s', (_file, { name, description, body }) => {
  it('has a name, a description, and fields that GitHub knows, each with an id of its own and a label', () => {
    expect([name, description].every(Boolean)).toBe(true);
    const fields = body.filter(({ type }) => type !== 'markdown');
    expect(body.filter(({ type }) => !TYPES.includes(type))).toEqual([]);
    expect(fields.every(({ id, attributes }) => Boolean(id) && Boolean(attributes.label))).toBe(true);
    expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
    expect(fields.length).toBeGreaterThan(1);
  });
});

it('whoever reports a bug is asked for no secret, and is told where a weakness is reported', () => {
  const [, bug] = FORMS.find(([file]) => file.endsWith('/bug.yml'))!;
  const text = bug.body.map(({ attributes }) => attributes.value ?? '').join('\n');

  expect(text).toMatch(/Never paste a secret access key/);
  expect(text).toContain('`SECURITY.md`');
  expect(textOf('SECURITY.md')).toContain('Report a vulnerability');
});

it('an issue is written with a form, so that the question for secrets is not passed by', () => {
  expect(parse(textOf('.github/ISSUE_TEMPLATE/config.yml'))).toEqual({ blank_issues_enabled: false });
});
