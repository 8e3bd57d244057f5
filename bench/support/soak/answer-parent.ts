/** What a process can be asked, by name. */
export type Answers = Readonly<Record<string, (about: never) => unknown>>;

interface Question {
  readonly id: number;
  readonly what: string;
  readonly about: never;
}

/** Answers the process that started this one, until that one has gone. */
export function answerParent(answers: Answers): void {
  const all: Answers = { heap: liveHeap, ...answers };
  process.on('message', ({ id, what, about }: Question) => {
    const answer = new Promise((resolve) => {
      const asked = all[what];
      if (asked === undefined) throw new Error(`Nobody here knows ${what}.`);
      resolve(asked(about));
    });
    answer.then(
      (result) => process.send!({ id, result }),
      (error: unknown) => process.send!({ id, error: error instanceof Error ? error.stack : String(error) }),
    );
  });
  // The parent has gone, in order or not.
  process.on('disconnect', () => process.exit(0));
}

function liveHeap(): number {
  if (global.gc === undefined) throw new Error('The heap is measured with --expose-gc.');
  global.gc();
  return process.memoryUsage().heapUsed;
}
