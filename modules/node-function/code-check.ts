/** What the name of a check begins with that watches the code of a function; the function's own address follows. */
export const CODE_CHECK_PREFIX = 'code_of_';
