/** One line for a person; jest's console would put a stack trace beside it. */
export const summarize = (line: string): void => {
  process.stdout.write(`simulation: ${line}\n`);
};
