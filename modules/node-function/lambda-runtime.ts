/**
 * What the functions may run on, and the first version of the AWS provider that knows it. AWS deprecates nodejs22.x on
 * 2027-04-30 (F 4.11). The code is built for Node.js 22 and runs on both.
 */
export const FIRST_PROVIDER_OF_RUNTIME = {
  'nodejs22.x': '5.100.0',
  'nodejs24.x': '6.21.0',
} as const;

export type FunctionRuntime = keyof typeof FIRST_PROVIDER_OF_RUNTIME;

export const FUNCTION_RUNTIMES = Object.keys(FIRST_PROVIDER_OF_RUNTIME) as [
  FunctionRuntime,
  ...FunctionRuntime[],
];
export const DEFAULT_FUNCTION_RUNTIME: FunctionRuntime = 'nodejs22.x';

/** What the functions may run on: Graviton costs less, and some regions do not have it. */
export const FUNCTION_ARCHITECTURES = ['arm64', 'x86_64'] as const;
export type FunctionArchitecture = (typeof FUNCTION_ARCHITECTURES)[number];
export const DEFAULT_FUNCTION_ARCHITECTURE: FunctionArchitecture = 'arm64';
