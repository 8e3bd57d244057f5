/**
 * Goes on where nobody reads any more: whoever pipes a command into `head`, or fills the disk with its log, must not stop a
 * change of keys half-way. A lost log line costs nothing; a lost result is an error, once the work is done.
 */
export function surviveLostStreams({ stdout, stderr }: Pick<NodeJS.Process, 'stdout' | 'stderr'>): void {
  stderr.on('error', () => undefined);
  stdout.on('error', ({ message }) => {
    stderr.write(`The result could not be written: ${message}. What the command did is done.\n`);
    process.exitCode = 1;
  });
}
