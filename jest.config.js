// Unit tests and end-to-end tests are two projects, so that each can be run alone:
// `npx jest --selectProjects unit`.
const common = {
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }],
  },
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/cdktf.out', '<rootDir>/dist', '<rootDir>/build', '<rootDir>/.cache'],
};

/** @type {import('jest').Config} */
module.exports = {
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/', '<rootDir>/test/accounts/'],
    },
    { ...common, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
    // Existing users, copies in other regions, shards: end-to-end tests that take minutes.
    { ...common, displayName: 'accounts', testMatch: ['<rootDir>/test/accounts/**/*.test.ts'] },
  ],
};
