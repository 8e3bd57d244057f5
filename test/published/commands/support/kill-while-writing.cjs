'use strict';

/*
 * Loaded before a command: kills its process at the KILL_AT-th change that it makes to a file in the folder KILL_IN, right before
 * the change. Of a write, half is made first. That a change was made and the process died is the same as to die before the next.
 */
const fs = process.getBuiltinModule('node:fs');
const { resolve, sep } = process.getBuiltinModule('node:path');

const folder = resolve(process.env.KILL_IN) + sep;
const killAt = Number(process.env.KILL_AT);
/** Open files of the folder. */
const open = new Set();
let seen = 0;

const isIn = (target) =>
  typeof target === 'number' ? open.has(target) : resolve(String(target)).startsWith(folder);

function killIfItIsTime(half) {
  seen += 1;
  if (seen !== killAt) return;
  half?.();
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}

/** @param halfOf what makes half of the change */
function watch(name, halfOf) {
  const real = fs[name];
  fs[name] = (...args) => {
    if (args.slice(0, 2).some((arg) => arg !== undefined && isIn(arg)))
      killIfItIsTime(halfOf && (() => halfOf(real, ...args)));
    return real(...args);
  };
}

for (const name of [
  'linkSync',
  'renameSync',
  'rmSync',
  'unlinkSync',
  'mkdirSync',
  'fchmodSync',
  'fchownSync',
])
  watch(name);
watch('writeSync', (write, file, data) => {
  const bytes = Buffer.from(data);
  write(file, bytes.subarray(0, bytes.length / 2));
});
watch('writeFileSync', (write, file, data, options) => {
  const bytes = Buffer.from(data);
  write(file, bytes.subarray(0, bytes.length / 2), options);
});

const { openSync, closeSync } = fs;
fs.openSync = (path, flags, ...rest) => {
  const changes = typeof flags === 'string' && flags !== 'r';
  if (changes && isIn(path)) killIfItIsTime();
  const file = openSync(path, flags, ...rest);
  if (changes && isIn(path)) open.add(file);
  return file;
};
fs.closeSync = (file) => {
  open.delete(file);
  closeSync(file);
};
