import { MUTANTS } from './mutants';
import { trialOf } from './mutate';

async function main(): Promise<void> {
  const only = process.argv[2];
  if (only === undefined) console.log('unchanged:', (await (await trialOf(undefined))()) ?? 'safe');
  let survived = 0;
  for (const mutant of MUTANTS.filter(({ name }) => only === undefined || name.includes(only))) {
    const began = Date.now();
    const why = await (await trialOf(mutant))();
    if (why === undefined) survived += 1;
    console.log(
      `${why === undefined ? 'SURVIVED' : 'killed  '} ${String(Date.now() - began).padStart(6)} ms  ${mutant.name}${why === undefined ? '' : `\n            ${why.split('\n')[0]}`}`,
    );
  }
  console.log(`${survived} survived`);
  process.exitCode = survived === 0 ? 0 : 1;
}

void main();
