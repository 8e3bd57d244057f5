/**
 * The name of a check, and of the local value that it looks at: all functions of a stack by the name of their resource, and
 * whether each runs the code of the configuration. `counted` writes those into it of which there are none or one.
 */
export const FUNCTIONS_RUN_THEIR_CODE = 'functions_run_their_code';
