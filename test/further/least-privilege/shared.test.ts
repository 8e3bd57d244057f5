import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { configurationOf, GovernedStack } from './support/governed-stack';
import { keepOutOfReachWhatIsSomebodyElses } from './support/others';
import { allowAllThatIsNeededAndNoMore } from './support/used-permissions';

describeWithTools('the roles of a stack with one function for all users', () => {
  let governed: GovernedStack;

  beforeAll(async () => {
    governed = await GovernedStack.open();
    await governed.stack.apply(configurationOf('shared'));
  });
  afterAll(() => governed.close());

  allowAllThatIsNeededAndNoMore(['rotate'], () => governed);
  keepOutOfReachWhatIsSomebodyElses('shared', () => governed);
});
