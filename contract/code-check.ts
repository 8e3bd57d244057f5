/**
 * What the name of a check begins with that watches the code of a function; the function's own address follows. The
 * constructs write the checks, and the commands look for them in a plan.
 */
export const CODE_CHECK_PREFIX = 'code_of_';
