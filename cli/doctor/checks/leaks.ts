import { respondFunctionName, retirementFunctionName } from '../../../contract/names';
import type { RetireEnv } from '../../../contract/env/retire';
import { type Check, problem } from '../check';
import { folderOf } from '../remedies';

/** In Terraform the answer to leaks is a module of its own, and the base cannot see whether it is there. */
export const leaks: Check = {
  name: 'leaks',
  looksAt: 'whether there is what replaces a leaked key, where that is asked for',
  permissions: ['lambda:ListFunctions'],
  async run({ expected, account }) {
    const found = await account.functions();
    const { Variables = {} } = found.get(retirementFunctionName(expected.prefix))?.Environment ?? {};
    const isAskedFor = (Variables as Partial<RetireEnv>).QUARANTINE === 'looked-at';
    const responder = respondFunctionName(expected.prefix);
    // A stack that has the responder in its state, and an account that has not: the check of functions says so.
    const isKnown = expected.named('aws_lambda_function').some(({ name }) => name === responder);
    if (!isAskedFor || isKnown || found.has(responder)) return [];
    return [
      problem(
        responder,
        `Leaked keys are to be replaced, and there is no such function in ${expected.region}: when AWS reports one, nobody replaces it, and nobody is told.`,
        'folder' in expected.source
          ? `Add a LeakResponse to the stack in ${folderOf(expected)}, synthesize, and run terraform apply.`
          : `Add the module leak-response to ${folderOf(expected)}, with base = module.base, and run terraform apply.`,
      ),
    ];
  },
};
