import { type Check, CouldNotLookError } from '../../../cli/doctor/check';
import { CHECKS, CHECKS_BEFORE_APPLY, EXAMINE } from '../../../cli/doctor/checks';
import { doctorDocument, makeDocument } from '../../../cli/doctor/doctor-document';
import { doctorLines } from '../../../cli/doctor/doctor-text';
import { exitCodeOf, runChecks } from '../../../cli/doctor/run-checks';
import { CallRefusedError } from '../../../handlers/core/model/call-errors';
import { contextOf, refusal } from './support/context';

const check = (name: string, run: Check['run']): Check => ({
  ...{ name, looksAt: `what ${name} is`, permissions: [], run },
});
const fine = check('fine', () => Promise.resolve([]));
const broken = check('broken', () =>
  Promise.resolve([{ severity: 'problem', subject: 'ci', found: 'It is off.', remedy: 'Switch it on.' }]),
);
const denied = check('denied', () =>
  Promise.reject(refusal('AccessDeniedException', 'not authorized to perform: lambda:GetPolicy')),
);

describe('the checks', () => {
  const context = contextOf({});

  it('are all run, in the order of the list, also where AWS refuses one of them', async () => {
    const outcomes = await runChecks([denied, broken, fine], context);

    expect(outcomes.map((one) => [one.check.name, one.findings.length, one.couldNotLook])).toEqual([
      ['denied', 0, 'not authorized to perform: lambda:GetPolicy'],
      ['broken', 1, undefined],
      ['fine', 0, undefined],
    ]);
  });

  it('cannot look where a call of the core was refused or AWS cannot be reached', async () => {
    const call = { service: 'IAM', action: 'ListAccessKeys' } as const;
    const refused = check('refused', () =>
      Promise.reject(new CallRefusedError(call, 'accessDenied', 'AccessDenied', 'not authorized')),
    );
    const unreachable = check('unreachable', () =>
      Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })),
    );

    const outcomes = await runChecks([refused, unreachable], context);

    expect(outcomes.every(({ couldNotLook }) => couldNotLook !== undefined)).toBe(true);
  });

  it('say why they could not look at everything, and what they found nevertheless', async () => {
    const finding = { severity: 'warning', subject: 'ci', found: 'It is late.', remedy: 'Wait.' } as const;
    const partly = check('partly', () => Promise.reject(new CouldNotLookError('Not all.', [finding])));

    const [outcome] = await runChecks([partly], context);

    expect(outcome).toMatchObject({ findings: [finding], couldNotLook: 'Not all.' });
  });

  it.each([
    [0, 'everything was looked at, and nothing was found', [fine]],
    [1, 'something was found, and everything was looked at', [fine, broken]],
    [1, 'something was found, and not everything could be looked at', [denied, broken]],
    [2, 'nothing was found, but not everything could be looked at', [fine, denied]],
  ])('end with %d where %s', async (code, _, checks) => {
    expect(exitCodeOf(await runChecks(checks, context))).toBe(code);
  });

  it('do not hide a failure of this program', async () => {
    const bug = check('bug', () => Promise.reject(new TypeError('undefined is not a function')));

    await expect(runChecks([fine, bug], context)).rejects.toThrow('undefined is not a function');
  });

  it('each have a name of their own, and say which permissions they need', () => {
    for (const list of [CHECKS, CHECKS_BEFORE_APPLY]) {
      expect(new Set(list.map(({ name }) => name)).size).toBe(list.length);
    }
    const actions = EXAMINE.flatMap((permission) => permission.actions);
    expect(actions).toContain('lambda:GetPolicy');
    for (const action of actions)
      expect(action).toMatch(/^[a-z0-9]+:(Get|List|Describe|Lookup|Simulate)[A-Za-z]+$/);
    expect(actions).not.toContain('secretsmanager:GetSecretValue');
    const sids = EXAMINE.map(({ sid }) => sid);
    expect(new Set(sids).size).toBe(sids.length);
  });
});

describe('what doctor prints', () => {
  const document = async () =>
    makeDocument({
      at: new Date(0),
      beforeApply: false,
      expected: contextOf({}).expected,
      outcomes: await runChecks([fine, denied, broken], contextOf({})),
    });

  it('is a document that fits its schema', async () => {
    const parsed = doctorDocument.parse(JSON.parse(JSON.stringify(await document())));

    expect(parsed.checks.map(({ name, outcome, reason }) => [name, outcome, reason])).toEqual([
      ['fine', 'fine', undefined],
      ['denied', 'couldNotLook', 'not authorized to perform: lambda:GetPolicy'],
      ['broken', 'found', undefined],
    ]);
  });

  it('begins, for a person, with what was found, and does not call fine what it could not look at', async () => {
    const text = doctorLines(await document())
      .map((line) =>
        typeof line === 'string'
          ? line
          : line.map((part) => (typeof part === 'string' ? part : part.text)).join(''),
      )
      .join('\n');

    expect(text).toBe(
      [
        'problem  ci',
        '  It is off.',
        '  What to do: Switch it on.',
        '',
        'could not look  at what denied is',
        '  not authorized to perform: lambda:GetPolicy',
        '',
        'fine  what fine is',
        '',
        'iam-key-rotation in account 111122223333, eu-west-1: 1 finding, 1 check fine, 1 could not look.',
      ].join('\n'),
    );
  });
});
