'use strict';

const { existsSync, readFileSync } = process.getBuiltinModule('node:fs');

// Loaded before a program that is measured: at its end it says how much memory it had at most, and how long it was on a processor.
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const cpu = userCPUTime + systemCPUTime;
  process.stderr.write(`peak memory ${maxRSS} kB, CPU ${cpu} us, ${childrenCpu()} us of children\n`);
});

/** Of the programs that it ran, and waited for; Linux alone says it. */
function childrenCpu() {
  const stat = '/proc/self/stat';
  if (!existsSync(stat)) return 0;
  // After the name, in brackets, the 14th and 15th field are hundredths of seconds: user, system.
  const [user, system] = readFileSync(stat, 'utf8').split(') ').at(-1).split(' ').slice(13, 15);
  return (Number(user) + Number(system)) * 10_000;
}
