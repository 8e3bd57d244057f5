#!/usr/bin/env node
'use strict';

const { existsSync } = require('fs');
const { join } = require('path');

const { requireFolder, requireNode, runSource } = require('./run.cjs');

// A clone has the sources, which its build may be older than. The package has the build alone.
const source = join(__dirname, '..', 'cli', 'main.ts');
if (existsSync(source)) {
  runSource(source, process.argv.slice(2));
} else {
  requireNode();
  requireFolder();
  require('../dist/cli.js');
}
