import { everyDrill } from './every-drill';

it('no drill, of whatever key, has a key replaced of a user who is not the one for drills', async () => {
  expect(await everyDrill()).toEqual([]);
});
