import { type Check, problem } from '../check';
import { applied } from '../remedies';

export const functions: Check = {
  name: 'functions',
  looksAt: 'the functions that rotate, retire and notify',
  permissions: ['lambda:ListFunctions'],
  async run({ expected, account }) {
    const found = await account.functions();
    return expected
      .named('aws_lambda_function')
      .filter(({ name }) => !found.has(name))
      .map(({ name }) =>
        problem(name, `There is no such function in ${expected.region}.`, applied(expected)),
      );
  },
};
