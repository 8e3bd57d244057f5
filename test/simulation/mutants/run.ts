import { MUTANTS, type Mutant } from './mutants';
import { trialOf } from './mutate';

/**
 * `npx tsx test/simulation/mutants/run.ts [PART OF A NAME]`
 *
 * Turns off one thing after the other that keeps the keys safe, and has the simulation notice each. Fails if one
 * survives: then a check is missing.
 */
async function main(): Promise<void> {
  const only = process.argv[2] ?? '';
  const mutants = MUTANTS.filter(({ name }) => name.includes(only));
  if (mutants.length === 0) throw new Error(`No mutant's name holds "${only}".`);
  const survivors: Mutant[] = [];
  for (const mutant of mutants) {
    const began = process.hrtime.bigint();
    const why = await (await trialOf(mutant))(mutant.caughtBy);
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    if (why === undefined) survivors.push(mutant);
    console.log(`${seconds.toFixed(1).padStart(6)} s  ${mutant.name}\n          ${why ?? 'SURVIVED'}`);
  }
  console.log(`simulation: ${mutants.length - survivors.length} of ${mutants.length} mutants killed`);
  process.exitCode = survivors.length === 0 ? 0 : 1;
}

void main();
