import { sdkAtLocalEndpoint } from './environment';
import type { LocalEndpoint } from './local-endpoint';

/** A function as Lambda loads it: environment, clients and log are its own. */
export interface EntryUnderTest<Handler> {
  readonly aws: Omit<LocalEndpoint, 'url' | 'close'>;
  readonly handler: Handler;
  /** All that it wrote in this test. */
  readonly written: readonly string[];
}

/** Loads the entry before the tests of a suite. @param folder of handlers/ */
export function entryUnderTest<Handler extends (...args: never[]) => unknown>(
  folder: string,
  environment: Readonly<Record<string, string>>,
): EntryUnderTest<Handler> {
  const aws = sdkAtLocalEndpoint();
  const written: string[] = [];
  let loaded: Handler | undefined;
  beforeAll(() => {
    Object.assign(process.env, environment);
    ({ handler: loaded } = jest.requireActual<{ handler: Handler }>(`../../../handlers/${folder}/index`));
    for (const stream of [process.stdout, process.stderr]) {
      jest.spyOn(stream, 'write').mockImplementation((text) => {
        written.push(String(text));
        return true;
      });
    }
  });
  afterEach(() => {
    written.length = 0;
  });
  afterAll(() => jest.restoreAllMocks());
  const handler = ((...args: Parameters<Handler>) => loaded!(...args)) as Handler;
  return { aws, handler, written };
}
