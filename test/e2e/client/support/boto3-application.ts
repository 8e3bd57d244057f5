import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';

/**
 * A program that runs for long, with boto3 as it is installed. It is told by lines what to do; time passes for
 * botocore's decision whether to refresh, and not for the signatures.
 */
const PROGRAM = `
import datetime, sys
import boto3, botocore.credentials, botocore.exceptions

ahead = datetime.timedelta()
session = boto3.Session()
session.get_credentials()._time_fetcher = lambda: botocore.credentials._local_now() + ahead
sts = session.client("sts")
for line in sys.stdin:
    command, _, minutes = line.strip().partition(" ")
    if command == "later":
        ahead += datetime.timedelta(minutes=int(minutes))
        continue
    try:
        arn = sts.get_caller_identity()["Arn"]
        print(session.get_credentials().get_frozen_credentials().access_key, arn, flush=True)
    except botocore.exceptions.ClientError as error:
        print(error.response["Error"]["Code"], flush=True)
`;

export class Boto3Application {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: Interface;
  readonly #end: Promise<never>;
  #errors = '';

  constructor(env: Readonly<Record<string, string>>) {
    this.#process = spawn('python3', ['-c', PROGRAM], { env: { PATH: process.env['PATH'], ...env } });
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    this.#answers = createInterface(this.#process.stdout);
    this.#end = once(this.#process, 'close').then(() => {
      throw new Error(`boto3 has ended:\n${this.#errors}`);
    });
    // Told to whoever waits for an answer.
    this.#end.catch(() => undefined);
    this.#process.stdin.on('error', () => undefined);
  }

  /** Calls AWS: the key's id and who it is, or the code of the refusal. */
  async call(): Promise<string> {
    const answer = once(this.#answers, 'line') as Promise<[string]>;
    this.#process.stdin.write('call\n');
    const [line] = await Promise.race([answer, this.#end]);
    return line;
  }

  later(minutes: number): void {
    this.#process.stdin.write(`later ${minutes}\n`);
  }

  async stop(): Promise<void> {
    this.#process.stdin.end();
    await this.#end.catch(() => undefined);
  }
}
