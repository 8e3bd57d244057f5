// Runs inside the function's own process, in place of Lambda's runtime: imports the handler, calls it for each
// invocation, and reports over the channel to the sandbox. Everything it needs comes over that channel, so that the
// function sees no environment variable that Lambda would not set.
import { access } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import timers from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const EXTENSIONS = ['.mjs', '.js', '.cjs'];
/** As function-process.ts knows it. */
const END_OF_OUTPUT = '\0end\n';

let clockShiftMs = 0;
shiftClock();
/** Those that sleep now: each looks anew how long it has to. */
const sleepers = new Set();
sleepByTheClock();

// The sandbox has gone: nobody waits for the result.
process.on('disconnect', () => process.exit(1));
// As on Lambda, what nobody catches ends the process.
process.on('uncaughtException', (error) => finish({ error: described(error) }, { ends: true }));
process.on('unhandledRejection', (error) => finish({ error: described(error) }, { ends: true }));

let handler;
process.on('message', async (invocation) => {
  clockShiftMs = invocation.clockShiftMs;
  // The clock was set while an invocation runs.
  if (invocation.handler === undefined) {
    for (const look of sleepers) look();
    return;
  }
  try {
    handler ??= await importHandler(invocation.taskRoot, invocation.handler);
  } catch (error) {
    finish({ error: described(error) }, { ends: true });
    return;
  }
  try {
    const began = performance.now();
    await new Promise((resolve) => process.send({ kind: 'ready' }, resolve));
    const context = {
      ...invocation.context,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, invocation.timeoutMs - (performance.now() - began)),
      done: () => undefined,
      fail: () => undefined,
      succeed: () => undefined,
    };
    const result = await handler(JSON.parse(invocation.event), context);
    finish({ payload: JSON.stringify(result === undefined ? null : result) });
  } catch (error) {
    finish({ error: described(error) });
  }
});

/** Only Date: other timers and performance.now() measure durations, which a shifted clock leaves alone. */
function shiftClock() {
  const RealDate = Date;
  const now = () => RealDate.now() + clockShiftMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
  RealDate.prototype.constructor = globalThis.Date;
}

/** What sleeps until a moment, and does not only limit a call, wakes when the clock is set past that moment. */
function sleepByTheClock() {
  const { setTimeout: sleep } = timers;
  timers.setTimeout = (duration, value, options) => {
    if (options !== undefined) return sleep(duration, value, options);
    const until = Date.now() + duration;
    return new Promise((resolve) => {
      let timer;
      const look = () => {
        clearTimeout(timer);
        const left = until - Date.now();
        if (left > 0) {
          timer = setTimeout(look, left);
          return;
        }
        sleepers.delete(look);
        resolve(value);
      };
      sleepers.add(look);
      look();
    });
  };
  syncBuiltinESMExports();
}

/** `index.handler`: the export `handler` of index.mjs (or .js, .cjs). */
async function importHandler(taskRoot, name) {
  const dot = name.lastIndexOf('.');
  const [module, exported] = [name.slice(0, dot), name.slice(dot + 1)];
  for (const extension of EXTENSIONS) {
    const path = join(taskRoot, module + extension);
    if (
      !(await access(path).then(
        () => true,
        () => false,
      ))
    )
      continue;
    const namespace = await import(pathToFileURL(path).href);
    const handler = namespace[exported] ?? namespace.default?.[exported];
    if (typeof handler === 'function') return handler;
    throw Object.assign(new Error(`${name} is undefined or not exported`), {
      name: 'Runtime.HandlerNotFound',
    });
  }
  throw Object.assign(new Error(`Error: Cannot find module '${module}'`), {
    name: 'Runtime.ImportModuleError',
  });
}

/** As Lambda's Node.js runtime describes what a handler throws. */
function described(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

function finish(outcome, { ends = false } = {}) {
  if (outcome.error) console.error(`ERROR\tInvoke Error\t${JSON.stringify(outcome.error)}`);
  const ended = () => ends && process.exit(0);
  // The write callbacks run in order: both streams are flushed, and the message is out, before the end.
  process.stdout.write(END_OF_OUTPUT, () =>
    process.stderr.write(END_OF_OUTPUT, () => process.send({ kind: 'finished', ends, ...outcome }, ended)),
  );
}
