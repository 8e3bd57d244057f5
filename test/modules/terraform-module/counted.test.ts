import { counted } from '../../../modules/terraform-module/counted';
import { FUNCTIONS_RUN_THEIR_CODE } from '../../../modules/terraform/functions-run-their-code';

const COUNT = '${local.count}';

const SYNTHESIZED = {
  resource: {
    aws_iam_role: { one: { name: 'one' }, 'one-more': { name: 'more' } },
    aws_lambda_function: {
      one: { role: '${aws_iam_role.one.arn}', depends_on: ['aws_iam_role.one'] },
      other: { role: '${aws_iam_role.one-more.arn}', where: 'aws_iam_role.one and nothing else.' },
    },
    aws_lambda_permission: { one: { lifecycle: { replace_triggered_by: ['aws_lambda_function.one.arn'] } } },
  },
  locals: {
    count: 1,
    [FUNCTIONS_RUN_THEIR_CODE]: {
      one: '${aws_lambda_function.one.code == "a" || aws_lambda_function.one.at == ""}',
      other: '${aws_lambda_function.other.code == "a"}',
    },
  },
};

const made = counted(SYNTHESIZED, {
  'aws_iam_role.one': COUNT,
  'aws_lambda_function.one': COUNT,
  'aws_lambda_permission.one': COUNT,
}) as typeof SYNTHESIZED;

it('a resource of which there may be none has its count, and no other one has', () => {
  expect(made.resource.aws_iam_role).toEqual({
    one: { count: COUNT, name: 'one' },
    'one-more': { name: 'more' },
  });
});

it('what takes an attribute of it takes that of the one, and what waits for it waits for all there are', () => {
  expect(made.resource.aws_lambda_function.one).toMatchObject({
    role: '${aws_iam_role.one[0].arn}',
    depends_on: ['aws_iam_role.one'],
  });
  expect(made.resource.aws_lambda_permission.one.lifecycle.replace_triggered_by).toEqual([
    'aws_lambda_function.one[0].arn',
  ]);
});

it('what names another resource, or is a sentence, stays as it is', () => {
  expect(made.resource.aws_lambda_function.other).toEqual(SYNTHESIZED.resource.aws_lambda_function.other);
  expect(made.locals.count).toBe(1);
});

it('a function that is not there runs its code, and one that is has the name that a command takes', () => {
  expect(made.locals[FUNCTIONS_RUN_THEIR_CODE]).toEqual({
    'one[0]':
      '${length(aws_lambda_function.one) == 0 ? true : aws_lambda_function.one[0].code == "a" || aws_lambda_function.one[0].at == ""}',
    other: SYNTHESIZED.locals[FUNCTIONS_RUN_THEIR_CODE].other,
  });
});

it('a count of what is not there is a bug', () => {
  expect(() => counted(SYNTHESIZED, { 'aws_iam_role.two': COUNT })).toThrow('there is no aws_iam_role.two');
});
