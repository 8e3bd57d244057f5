import { holdToContract } from './hold-to-contract';
import { inMemoryWorld } from './in-memory-world';

describe('the in-memory AWS', () => {
  holdToContract(inMemoryWorld);
});
