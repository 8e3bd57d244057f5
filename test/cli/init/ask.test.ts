import { askAll } from '../../../cli/init/ask';

const KNOWN = { accountId: '111122223333', region: 'eu-west-1', emails: [], users: [] };

describe('init', () => {
  const asking = (answers: readonly string[]) => {
    const asked: [string, string | undefined][] = [];
    const left = [...answers];
    const ask = (question: string, suggested?: string): Promise<string> => {
      asked.push([question, suggested]);
      return Promise.resolve(left.shift()! || (suggested ?? ''));
    };
    return { asked, ask };
  };
  let said = '';
  beforeEach(() => {
    said = '';
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((said += String(text)), true));
  });
  afterEach(() => jest.restoreAllMocks());

  it('takes what is suggested where nothing is typed, and parts lists at their commas', async () => {
    const { ask } = asking(['', '', 'a@example.com, b@example.com', ' ci-deployer ,reports,']);

    expect(await askAll(ask, KNOWN)).toEqual({
      accountId: '111122223333',
      region: 'eu-west-1',
      emails: ['a@example.com', 'b@example.com'],
      users: ['ci-deployer', 'reports'],
    });
    expect(said).toBe('');
  });

  it('says what is wrong with an answer, by the rules of the configuration, and asks again', async () => {
    const { ask, asked } = asking(['12345', '', 'moon', '', 'nobody', 'a@example.com', '', 'ci']);

    expect(await askAll(ask, KNOWN)).toMatchObject({ accountId: '111122223333', users: ['ci'] });
    expect(asked).toHaveLength(8);
    expect(said).toContain('12345');
    expect(said).toContain('12 digits');
    expect(said).toContain('e-mail address');
  });

  it('takes no answer without a recipient, because nobody would be told of a fault', async () => {
    const { ask } = asking(['', '', '', 'a@example.com', 'ci']);

    expect((await askAll(ask, KNOWN)).emails).toEqual(['a@example.com']);
    expect(said).toContain('nobody is told');
  });
});
