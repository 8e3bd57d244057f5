// Runs a bundle as Lambda does: imports it, and invokes its handler as often as it is asked to, one time after the other.
// The parent takes the times: of each invocation it hears when it begins and when it is over.
import { pathToFileURL } from 'node:url';

const [, , file, event] = process.argv;
const context = {
  awsRequestId: '8a6a6e1c-4a9e-4f4e-9d53-2b8a1d0c9a11',
  functionName: 'iam-key-rotation-bench',
  getRemainingTimeInMillis: () => 840_000,
};
const { handler } = await import(pathToFileURL(file).href);
process.on('message', async () => {
  process.send({ begins: Number(process.hrtime.bigint()) });
  // Where AWS refuses every call, the handler may throw: what is measured then is the way to the call.
  const result = await handler(JSON.parse(event), context).catch(() => undefined);
  process.send({ over: true, result });
});
process.send({ loaded: true });
