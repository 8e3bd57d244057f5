import { type Check, problem } from '../check';
import { nameOf } from '../expected';

export const code: Check = {
  name: 'code',
  looksAt: 'whether the functions run the code of the synthesized stack',
  permissions: ['lambda:ListFunctions'],
  async run({ expected, account }) {
    const found = await account.functions();
    return expected.of('aws_lambda_function').flatMap((resource) => {
      const running = found.get(nameOf(resource))?.CodeSha256;
      // That a function is missing is another check's.
      if (running === undefined || running === expected.codeHash(resource)) return [];
      return [
        problem(
          nameOf(resource),
          'It runs other code than this stack has: the stack was synthesized anew and not applied, an update failed, or somebody replaced the code.',
          `In ${expected.folder} run terraform plan. If it changes the function, apply it; if not: terraform apply -replace=${resource.address}`,
        ),
      ];
    });
  },
};
