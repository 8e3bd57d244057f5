// Unit tests and end-to-end tests are projects, so that each can be run alone: `npx jest --selectProjects unit`.
// (Paths go before that option: `npx jest test/handlers --selectProjects unit`.)

/**
 * `npm test` ends within ten minutes on two cores, so it has of the end-to-end suites those that walk the product's main
 * ways. These go further into one thing each: `npm run test:more`.
 */
const MORE = [
  'e2e/client/applications',
  'e2e/faults',
  'e2e/least-privilege',
  'e2e/notifications',
  'e2e/retirement',
  'e2e/sandbox/rotation',
  'e2e/sandbox/terraform',
  'e2e/stack/restart-ecs-service',
  'e2e/stack/shared-function',
  'simulation/races',
].map((suite) => `<rootDir>/test/${suite}`);

// The ways to adopt the product, on what is published and not on these sources: `npm run test:package` builds it first.
const ADOPTION = [
  'accounts',
  'e2e/deploy-role',
  'e2e/pipelines',
  'e2e/recovery',
  'e2e/stack/http-state',
  'package',
].map((suite) => `<rootDir>/test/${suite}`);
const PUBLISHED = {
  '^(?:\\.\\./)+modules/(?!support/)(.*)$': '<rootDir>/.cache/packed/iam-key-rotation/dist/lib/modules/$1',
  '^.*/support/product$': '<rootDir>/test/package/support/product.ts',
};
const suitesOf = (folders) => folders.map((suite) => `${suite}{/**/*,}.test.ts`);

const common = {
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }],
  },
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/cdktf.out', '<rootDir>/dist', '<rootDir>/build', '<rootDir>/.cache'],
};

/** @type {import('jest').Config} */
module.exports = {
  // How busy a machine is, is no finding: the first process of a cold disk alone takes seconds. For what hangs.
  testTimeout: 60_000,
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/', ...MORE, ...ADOPTION],
    },
    {
      ...common,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...MORE, ...ADOPTION],
    },
    { ...common, displayName: 'more', testMatch: suitesOf(MORE) },
    {
      ...common,
      displayName: 'package',
      testMatch: suitesOf(ADOPTION),
      globalSetup: '<rootDir>/test/package/support/unpack.ts',
      moduleNameMapper: PUBLISHED,
    },
  ],
};
