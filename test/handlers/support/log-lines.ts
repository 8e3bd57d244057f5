/** What is written to standard output and error while `act` runs: Powertools has a console of its own. */
export function linesOf(act: () => void): string[] {
  const lines: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      lines.push(String(text));
      return true;
    }),
  );
  try {
    act();
    return lines;
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
