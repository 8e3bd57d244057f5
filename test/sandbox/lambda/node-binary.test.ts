import { FUNCTION_RUNTIMES } from '../../../modules/node-function/lambda-runtime';
import { nodeOf, RUNTIMES } from '../../../sandbox/lambda/node-binary';

describe('the Node.js of functions in the local AWS', () => {
  it('a Node.js is there for every runtime that the product’s functions may have', () => {
    expect(RUNTIMES).toEqual(FUNCTION_RUNTIMES);
  });

  it('a runtime that has no Node.js here is refused, and those that have one are named', () => {
    expect(() => nodeOf('python3.13')).toThrow(/python3\.13.*nodejs22\.x and nodejs24\.x/);
  });
});
