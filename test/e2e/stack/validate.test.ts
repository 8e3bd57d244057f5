import { aStackWithEverything } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { AppliedStack } from './support/applied-stack';

describeWithTools('a stack that asks for everything', () => {
  it.each(['per-user', 'shared'] as const)(
    'is valid with the provider that is here (%s)',
    async (functions) => {
      const stack = new AppliedStack({});
      try {
        await stack.synthesize(aStackWithEverything({ functions }));

        await expect(stack.terraform.validate()).resolves.toBeUndefined();
      } finally {
        stack.remove();
      }
    },
  );
});
