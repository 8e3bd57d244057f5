import { holdToContract } from '../../conformance/hold-to-contract';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { sandboxWorld } from './sandbox-world';

describeWithTools('the local AWS, through the real adapters', () => {
  holdToContract(sandboxWorld);
});
