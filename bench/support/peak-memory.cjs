'use strict';

// Loaded before a program that is measured: at its end it says how much memory it had at most, and how long it was on a processor.
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.stderr.write(`peak memory ${maxRSS} kB, CPU ${userCPUTime + systemCPUTime} us\n`);
});
