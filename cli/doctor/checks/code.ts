import { shellWord } from '../../shell-word';
import { type Check, CouldNotLookError, problem } from '../check';
import { nameOf } from '../expected';
import { folderOf } from '../remedies';

export const code: Check = {
  name: 'code',
  looksAt: 'whether the functions run the code that the stack has',
  permissions: ['lambda:ListFunctions'],
  async run({ expected, account }) {
    const found = await account.functions();
    const unknown: string[] = [];
    const findings = expected.of('aws_lambda_function').flatMap((resource) => {
      const running = found.get(nameOf(resource))?.CodeSha256;
      // That a function is missing is another check's.
      if (running === undefined) return [];
      const wanted = expected.codeHash(resource);
      if (wanted === undefined) unknown.push(nameOf(resource));
      if (wanted === undefined || wanted === running) return [];
      return [
        problem(
          nameOf(resource),
          'It runs other code than this stack has: the stack was synthesized anew and not applied, an update failed, or somebody replaced the code.',
          `Run terraform plan in ${folderOf(expected)}. If it changes the function, apply it; if not: terraform apply -replace=${shellWord(resource.address)}`,
        ),
      ];
    });
    if (unknown.length === 0) return findings;
    throw new CouldNotLookError(
      `The state does not say which code these functions should run: ${unknown.join(', ')}.`,
      findings,
    );
  },
};
