import type { Assumption } from '../../cli/verify-account/assumption';
import { ASSUMPTIONS } from '../../cli/verify-account/assumptions';
import { between } from './between';
import { hanging, table } from './markdown';

const TRIED = ASSUMPTIONS.filter(({ proof }) => proof.by === 'command');
const BY_HAND = ASSUMPTIONS.filter(({ proof }) => proof.by === 'hand');

/** docs/safety.md with everything that was never checked on a real account. */
export const safetyPage = (page: string): string => between(page, 'assumptions', assumptionTable());

/** README.md with what each is about. */
export const readmePage = (page: string): string =>
  between(
    page,
    'assumptions',
    [
      bullet('[`verify-account`](docs/verify-account.md) tries in a throw-away account', TRIED),
      bullet('By [hand](docs/safety.md#what-remains)', BY_HAND),
    ].join('\n'),
  );

const bullet = (how: string, assumptions: readonly Assumption[]): string =>
  hanging(`- ${how}: ${assumptions.map(({ id }) => id.replaceAll('-', ' ')).join(', ')}.`);

const assumptionTable = (): string =>
  table(
    ['assumption', 'what rests on it', 'how to check it'],
    ...ASSUMPTIONS.map(({ id, sentence, restsOnIt, proof }) => [
      sentence,
      restsOnIt,
      proof.by === 'command' ? `\`verify-account\` (${id})` : `by hand: ${proof.how}`,
    ]),
  );
