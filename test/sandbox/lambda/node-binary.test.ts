import { FUNCTION_RUNTIMES } from '../../../modules/node-function/lambda-runtime';
import { nodeOf, RUNTIMES } from '../../../sandbox/lambda/node-binary';

describe('the Node.js of functions in the local AWS', () => {
  it('is there for every runtime that the product’s functions may have', () => {
    expect(RUNTIMES).toEqual(FUNCTION_RUNTIMES);
  });

  it('is missed where a runtime has none here, with those that have one', () => {
    expect(() => nodeOf('python3.13')).toThrow(/python3\.13.*nodejs22\.x and nodejs24\.x/);
  });
});
