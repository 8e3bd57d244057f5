// Unit tests and end-to-end tests are projects, so that each can be run alone: `npx jest --selectProjects unit`.
// (Paths go before that option: `npx jest test/handlers --selectProjects unit`.)

/*
 * The folder says in which project a suite is:
 *
 *   test/<room>/     unit       needs nothing but Node.js
 *   test/e2e/        e2e        the product's main ways, on the local AWS; `npm test` has these two
 *   test/simulation/ proofs     what proves the product and takes longer than one waits: every crash, the mutants, the demo,
 *   test/proofs/                verify-account, the life of a stack, two syntheses, the CDKTF CLI: `npm run test:proofs`
 *   test/further/    further    goes further into one thing each: `npm run test:further`
 *   test/published/  published  every command and way to adopt the product, on what is packed: `npm run test:published`
 */

// The SDK's notice about Node.js 20, see handlers/aws/sdk-node-version.ts. Workers and their children inherit it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

// esbuild keeps a thread for its next bundle, and its process with it: a worker of Jest would not come to its end by itself.
process.env.ESBUILD_WORKER_THREADS = '0';

/** What is published stands in place of these sources. */
const PUBLISHED = {
  '^(?:\\.\\./)+modules/(?!support/)(.*)$': '<rootDir>/.cache/packed/iam-key-rotation/dist/lib/modules/$1',
  '^.*/support/product$': '<rootDir>/test/published/support/product.ts',
};

/** Slow, and not what a test is about; see there. */
const FASTER = {
  '(^|/)private/stack-trace$': '<rootDir>/test/support/no-stack-traces.ts',
  '^\\./stack-trace$': '<rootDir>/test/support/no-stack-traces.ts',
  '^\\./pack-sources$': '<rootDir>/test/support/pack-sources-once.ts',
};

/** Packages that are ES modules and nothing else, which Jest cannot load as they are. */
const ES_MODULES_ALONE = '/node_modules/@noble/.+\\.js$';

const common = {
  moduleNameMapper: FASTER,
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }],
    [ES_MODULES_ALONE]: ['@swc/jest', { jsc: { target: 'es2023' }, module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: [`/node_modules/(?!@noble/)`],
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/cdktf.out', '<rootDir>/dist', '<rootDir>/build', '<rootDir>/.cache'],
};

/** What applies and waits; see there. */
const takesLong = { ...common, setupFilesAfterEnv: ['<rootDir>/test/support/takes-long.ts'] };

/** @type {import('jest').Config} */
module.exports = {
  // How busy a machine is, is no finding: the first process of a cold disk alone takes seconds. For what hangs.
  testTimeout: 120_000,
  testSequencer: '<rootDir>/test/sequencer.mjs',
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/(e2e|further|proofs|published|simulation)/'],
    },
    { ...takesLong, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
    {
      ...takesLong,
      displayName: 'proofs',
      testMatch: ['<rootDir>/test/{simulation,proofs}/**/*.test.ts'],
    },
    { ...takesLong, displayName: 'further', testMatch: ['<rootDir>/test/further/**/*.test.ts'] },
    {
      ...takesLong,
      displayName: 'published',
      testMatch: ['<rootDir>/test/published/**/*.test.ts'],
      globalSetup: '<rootDir>/test/published/support/unpack.ts',
      moduleNameMapper: { ...PUBLISHED, ...FASTER },
    },
  ],
};
