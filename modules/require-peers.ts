/*
 * The first import of the package: where the packages that an app brings itself are missing, it says which to install. As
 * `require`, whose failure can be caught, with names that a bundler can read.
 */

/* eslint-disable @typescript-eslint/no-require-imports */
try {
  require('constructs');
  require('cdktf');
  require('@cdktf/provider-aws/lib/provider');
} catch (error) {
  if (!(error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND')) throw error;
  throw new Error(
    'The constructs of iam-key-rotation need packages that are not installed here: npm install cdktf constructs ' +
      "@cdktf/provider-aws. An application that only reads keys imports 'iam-key-rotation/client' instead.",
    { cause: error },
  );
}
