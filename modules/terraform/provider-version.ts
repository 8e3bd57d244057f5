import {
  DEFAULT_FUNCTION_RUNTIME,
  FIRST_PROVIDER_OF_RUNTIME,
  type FunctionRuntime,
} from '../node-function/lambda-runtime';

/**
 * The constraint that a stack or module puts on the AWS provider, where its user chooses the version: the constructs set
 * nothing that exists in one of the two majors only. A newer runtime of the functions raises the floor.
 */
export const providerVersionFor = (runtime: FunctionRuntime): string =>
  `>= ${FIRST_PROVIDER_OF_RUNTIME[runtime]}, < 7.0.0`;

export const PROVIDER_VERSION = providerVersionFor(DEFAULT_FUNCTION_RUNTIME);

/** The one version that all of the end-to-end tests run with. */
export const TESTED_PROVIDER_VERSION = '5.100.0';

/** What this project pins: the version that was run, or the constraint alone where a runtime needs a newer one. */
export const pinnedProviderVersion = (runtime: FunctionRuntime): string =>
  runtime === DEFAULT_FUNCTION_RUNTIME ? TESTED_PROVIDER_VERSION : providerVersionFor(runtime);
