'use strict';

/*
 * Starts a program of this repository from its sources, `node bin/run.cjs sandbox/main.ts`, or says in one sentence what is
 * missing. In the JavaScript of long ago, so that a Node.js that is too old gets as far as saying so.
 */

const { existsSync } = require('fs');
const { join, resolve } = require('path');

const PROJECT = join(__dirname, '..');

/** Ends the process where Node.js is older than package.json allows. */
function requireNode() {
  const { name, engines } = require('../package.json');
  const least = /(\d{1,3})\.(\d{1,3})/.exec(engines.node);
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > Number(least[1]) || (major === Number(least[1]) && minor >= Number(least[2]))) return;
  fail(name + ' needs Node.js ' + least[0] + ' or newer, and this is ' + process.versions.node + '.');
}

/** Ends the process where the folder that it was started in is gone: Node.js and most packages need one. */
function requireFolder() {
  try {
    process.cwd();
  } catch (error) {
    fail(
      'The folder that this was started in does not exist any more (' + error.code + '). Go to another one.',
    );
  }
}

/** Runs a TypeScript file in this process, as if it had been started by itself. */
function runSource(file, args) {
  requireNode();
  requireFolder();
  if (!existsSync(join(PROJECT, 'node_modules', 'tsx'))) {
    fail('The packages that this needs are not installed. Run `npm ci` in ' + PROJECT + ' first.');
  }
  // CDKTF uses a function of Node.js that is going to be removed, and nobody here can do anything about it.
  const { emitWarning } = process;
  process.emitWarning = function (warning, type, code) {
    if (code !== 'DEP0044') emitWarning.apply(process, arguments);
  };
  // The settings of this project, and not of the folder where the command was started.
  process.env.TSX_TSCONFIG_PATH = join(PROJECT, 'tsconfig.json');
  require('tsx/cjs/api').register();
  delete process.env.TSX_TSCONFIG_PATH;
  process.argv = [process.execPath, file].concat(args);
  require(file);
}

function fail(sentence) {
  process.stderr.write(sentence + '\n');
  process.exit(1);
}

module.exports = { requireFolder, requireNode, runSource };

if (require.main === module) {
  requireFolder();
  if (process.argv.length < 3) fail('Name the file to run: node bin/run.cjs main.ts');
  runSource(resolve(process.argv[2]), process.argv.slice(3));
}
