import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { configurationOf, GovernedStack } from './support/governed-stack';
import { keepOutOfReachWhatIsSomebodyElses } from './support/others';
import { allowAllThatIsNeededAndNoMore } from './support/used-permissions';

describeWithTools('the roles of a stack with a function for each user', () => {
  let governed: GovernedStack;

  beforeAll(async () => {
    governed = await GovernedStack.open();
    await governed.stack.apply(configurationOf('per-user'));
  });
  afterAll(() => governed.close());

  allowAllThatIsNeededAndNoMore(['deployer', 'mailer'], () => governed);
  keepOutOfReachWhatIsSomebodyElses('per-user', () => governed);
});
