import { ASSUMPTIONS } from '../../../cli/verify-account/assumptions';
import { verifyAccountDocument } from '../../../cli/verify-account/verify-account-document';
import { asJson, asText, exitStatus, type Outcome, type Report } from '../../../cli/verify-account/outcome';

const [tried] = ASSUMPTIONS.filter(({ proof }) => proof.by === 'command');
const [byHand] = ASSUMPTIONS.filter(({ proof }) => proof.by === 'hand');

const outcome = (verdict: Outcome['verdict'], assumption = tried!): Outcome => ({
  ...{ assumption, verdict, seen: 'It was seen.', took: 1_500 },
});
const report = (...outcomes: readonly Outcome[]): Report => ({
  ...{ accountId: '111122223333', region: 'eu-west-1', began: '2026-01-01T00:00:00.000Z' },
  ...{ outcomes, left: [] },
});
const LEFT = { kind: 'user', name: 'somebody' } as const;

it.each<[string, number, Report]>([
  ['all that it tries holds', 0, report(outcome('holds'), outcome('not tried', byHand))],
  ['something does not hold, whatever else', 1, report(outcome('does not hold'), outcome('failed'))],
  ['a check failed', 2, report(outcome('holds'), outcome('failed'))],
  ['something that it tries could not be tried', 2, report(outcome('holds'), outcome('not tried'))],
  ['something is left', 2, { ...report(outcome('holds')), left: [LEFT] }],
])('the report of verify-account ends the command with its own status where %s', (_, status, seen) => {
  expect(exitStatus(seen)).toBe(status);
});

it('the report of verify-account begins with what does not hold, and says what was seen and what rests on it', () => {
  const [first, second] = asText(report(outcome('holds'), outcome('does not hold'))).split('\n\n');

  expect(first).toContain(`DOES NOT HOLD  ${tried!.id}`);
  expect(first).toContain(tried!.sentence);
  expect(first).toContain('Seen: It was seen.');
  expect(first).toContain(`On it rests: ${tried!.restsOnIt}`);
  expect(second).toContain('HOLDS');
});

it('the report of verify-account says how to remove what is left', () => {
  expect(asText({ ...report(outcome('holds')), left: [LEFT] })).toContain(
    'Not removed:\n  user somebody\nRemove it with: npx iam-key-rotation verify-account --only-clean-up',
  );
});

it('the report of verify-account can be read by a program', () => {
  const printed: unknown = JSON.parse(JSON.stringify(asJson(report(outcome('does not hold')))));
  expect(verifyAccountDocument.parse(printed)).toMatchObject({
    ...{ version: 1, accountId: '111122223333', left: [] },
    assumptions: [{ id: tried!.id, verdict: 'does not hold', seen: 'It was seen.', seconds: 2 }],
  });
});
