import { pointSdkAt } from './environment';
import { openEndpoint, type LocalEndpoint } from './local-endpoint';

/** A function as Lambda loads it: environment, clients and log are its own. */
export class Entry<Handler> {
  #aws: LocalEndpoint | undefined;
  #handler: Handler | undefined;
  readonly #written: string[] = [];

  /** Registers with Jest what has to be done before and after the suite. @param folder of handlers/ */
  constructor(folder: string, environment: Readonly<Record<string, string>>) {
    beforeAll(async () => {
      this.#aws = await openEndpoint();
      pointSdkAt(this.#aws.url);
      Object.assign(process.env, environment);
      const entry = jest.requireActual<{ handler: Handler }>(`../../../handlers/${folder}/index`);
      this.#handler = entry.handler;
      for (const stream of [process.stdout, process.stderr]) {
        jest.spyOn(stream, 'write').mockImplementation((text) => {
          this.#written.push(String(text));
          return true;
        });
      }
    });
    afterEach(() => {
      this.#written.length = 0;
    });
    afterAll(async () => {
      jest.restoreAllMocks();
      await this.aws.close();
    });
  }

  get aws(): LocalEndpoint {
    return this.#aws!;
  }

  get handler(): Handler {
    return this.#handler!;
  }

  /** All that it wrote in this test. */
  get written(): readonly string[] {
    return this.#written;
  }
}
