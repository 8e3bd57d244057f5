/**
 * The local value with all functions of a stack by the name of their resource: whether they run the code of the configuration.
 * Where there is one or none of a function, what makes it so knows of it, too.
 */
export const RUNS_ITS_CODE = 'functions_run_their_code';
