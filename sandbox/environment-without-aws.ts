/** This process's environment without what points to an AWS: the person's own must not mix with the local one. */
export const environmentWithoutAws = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')));
