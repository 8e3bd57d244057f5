import { DAY, HOUR, SECOND } from '../../contract/instant';
import { CALM } from '../support/in-memory-aws/weather';
import type { History, Move } from './history';
import { hunt } from './hunt';
import type { Rule } from './rules/checker';
import { runHistory } from './run-history';
import { naive, type Sin } from './subjects/naive';

const rotation: Move = { move: 'start', actor: 'rotation', retries: 1, pause: 1 * SECOND, tidies: true };

const given = (history: Partial<History>): History => ({
  begins: 'first key',
  overlap: 24 * HOUR,
  gracePeriod: 7 * DAY,
  whenStillInUse: 'retire',
  takeOver: false,
  impostor: false,
  weather: CALM,
  moves: [rotation],
  ends: 'everyone finishes',
  ...history,
});

describe('the rules notice what a naive rotator does', () => {
  const rulesBrokenBy = async (
    sin: Sin,
    history: Partial<History>,
    withoutEpilogue = true,
  ): Promise<Rule[]> => {
    const { violations } = await runHistory(given(history), { subject: naive(sin), withoutEpilogue });
    return violations.map(({ rule }) => rule);
  };

  it('the rules find nothing in a naive rotator where nothing goes wrong', async () => {
    await expect(rulesBrokenBy('none', {})).resolves.toEqual([]);
  });

  it('R1: the rules notice that the key that is served is deleted', async () => {
    const moves: Move[] = [
      rotation,
      { move: 'run', who: 0, calls: 100 },
      { move: 'person', does: { act: 'moveCurrentBack' } },
      rotation,
    ];
    await expect(rulesBrokenBy('deletes the oldest key to make room', { moves })).resolves.toContain('R1');
  });

  it('R1: the rules notice that a key becomes current that a person deactivated long before', async () => {
    const moves: Move[] = [
      rotation,
      { move: 'run', who: 0, calls: 14 },
      { move: 'person', does: { act: 'deactivateKey', key: 1 } },
    ];
    await expect(rulesBrokenBy('none', { moves })).resolves.toContain('R1');
  });

  it('R2: the rules notice that a key becomes current without a proof, or after a single one', async () => {
    await expect(rulesBrokenBy('promotes without a proof', {})).resolves.toEqual(['R2']);
    await expect(rulesBrokenBy('promotes after a single proof', {})).resolves.toEqual(['R2']);
  });

  it("R2: the rules notice that another user's key becomes current", async () => {
    await expect(
      rulesBrokenBy('none', {
        begins: 'new user',
        impostor: true,
        moves: [{ move: 'start', actor: 'firstKey' }],
      }),
    ).resolves.toEqual(['R2']);
  });

  it('R3: the rules notice that the previous key is deactivated before its overlap is over', async () => {
    await expect(rulesBrokenBy('deactivates at once', {})).resolves.toEqual(['R3']);
  });

  it('R4: the rules notice that a key is deleted that a person made', async () => {
    const moves: Move[] = [{ move: 'person', does: { act: 'createKey' } }, rotation];
    await expect(rulesBrokenBy('deletes the other key to make room', { moves })).resolves.toContain('R4');
  });

  it('R4: the rules notice that a key is deleted that was current and never deactivated', async () => {
    const moves: Move[] = [rotation, { move: 'run', who: 0, calls: 100 }, rotation];
    await expect(rulesBrokenBy('deletes the other key to make room', { moves })).resolves.toContain('R4');
  });

  it('R5: the rules notice that a key is lost between making and storing it', async () => {
    const moves: Move[] = [rotation, { move: 'run', who: 0, calls: 4, then: 'crashAfter' }];
    await expect(rulesBrokenBy('none', { moves }, false)).resolves.toEqual(['R5']);
  });

  const delivery: Move = { move: 'start', actor: 'delivery' };
  const toTheEnd: Move = { move: 'run', who: 0, calls: 100 };

  it('R12: the rules notice that a key is deactivated that a target still holds', async () => {
    const moves: Move[] = [delivery, toTheEnd, rotation];
    await expect(
      rulesBrokenBy('deactivates at once', { delivers: true, overlap: 0, moves }),
    ).resolves.toContain('R12');
    await expect(rulesBrokenBy('deactivates at once', { overlap: 0, moves })).resolves.toEqual([]);
  });

  it('R13: the rules notice that a target goes back to an older key', async () => {
    const moves: Move[] = [delivery, toTheEnd, rotation, toTheEnd, delivery, toTheEnd];
    await expect(rulesBrokenBy('none', { delivers: true, moves })).resolves.toEqual([]);
    const broken = await rulesBrokenBy('delivers the key that was current before, too', {
      delivers: true,
      moves,
    });
    expect(broken).toContain('R13');
  });

  it('R7: the rules notice a secret in the log, or in an error', async () => {
    await expect(rulesBrokenBy('logs the new key', {})).resolves.toContain('R7');
    await expect(rulesBrokenBy('names the secret in an error', {})).resolves.toContain('R7');
  });

  it('R8: the rules notice that a key is deleted that no journal names, without a look at its use', async () => {
    const moves: Move[] = [rotation, { move: 'run', who: 0, calls: 100 }, rotation];
    await expect(rulesBrokenBy('deletes the other key to make room', { moves })).resolves.toContain('R8');
  });

  it('the rules notice a bug', async () => {
    await expect(rulesBrokenBy('fails with a bug', {})).resolves.toContain('Simulation');
  });

  it('the rules notice a wait that no crash and no time limit could end', async () => {
    await expect(rulesBrokenBy('waits for something else than its ports', {})).rejects.toThrow(
      'waits for nothing that the scheduler knows',
    );
  });
});

describe('a history that breaks a rule', () => {
  it('a history that breaks a rule is found at random, made small, and runs the same way again', async () => {
    const { found } = await hunt({ runs: 200, seed: 1, people: false, subject: naive('none') });
    expect(found?.outcome.violations[0]?.rule).toBe('R5');
    expect(found?.history.moves.length).toBeLessThanOrEqual(3);
    const again = await runHistory(found!.history, { subject: naive('none'), transcript: true });
    expect(again.transcript).toEqual(found!.outcome.transcript);
    const byPath = await hunt({
      runs: 1,
      seed: found!.seed,
      path: found!.path,
      people: false,
      subject: naive('none'),
    });
    expect(byPath.found?.history).toEqual(found!.history);
  });
});
