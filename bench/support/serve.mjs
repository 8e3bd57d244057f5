// Runs a function as Lambda does: imports it, then invokes it for each line of standard input, one after the other.
//
// Usage: serve.mjs <file>. Each line is an event; the answer to it, a line on descriptor 3, says whether the function failed.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const context = {
  awsRequestId: '8a6a6e1c-4a9e-4f4e-9d53-2b8a1d0c9a11',
  functionName: 'iam-key-rotation-bench',
  getRemainingTimeInMillis: () => 840_000,
};
const { handler } = await import(pathToFileURL(process.argv[2]).href);
for await (const line of createInterface({ input: process.stdin })) {
  let answer = {};
  try {
    await handler(JSON.parse(line), context);
  } catch (error) {
    answer = { error: String(error) };
  }
  writeSync(3, `${JSON.stringify(answer)}\n`);
}
// Whatever is still open, such as a connection that is kept.
process.exit();
