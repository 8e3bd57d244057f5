import Sequencer from '@jest/test-sequencer';

/**
 * End-to-end tests begin first: they wait for Terraform and for AWS's own delays most of the time, and unit tests use the
 * processors meanwhile.
 */
export default class EndToEndFirst extends Sequencer {
  sort(tests) {
    const isEndToEnd = ({ context }) => context.config.displayName?.name === 'e2e';
    const sorted = super.sort(tests);
    return [...sorted.filter(isEndToEnd), ...sorted.filter((test) => !isEndToEnd(test))];
  }
}
