import type { Assumption } from '../../cli/verify-account/assumption';
import { ASSUMPTIONS } from '../../cli/verify-account/assumptions';
import { between } from './between';

const TRIED = ASSUMPTIONS.filter(({ proof }) => proof.by === 'command');
const BY_HAND = ASSUMPTIONS.filter(({ proof }) => proof.by === 'hand');

/** docs/safety.md with everything that was never checked on a real account. */
export const safetyPage = (page: string): string => between(page, 'assumptions', table());

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

function bullet(how: string, assumptions: readonly Assumption[]): string {
  const about = assumptions.map(({ id }) => id.replaceAll('-', ' ')).join(', ');
  return wrapped(`- ${how}: ${about}.`);
}

/** As the other lines of the page are. */
const wrapped = (text: string): string => text.replaceAll(/(.{1,116})(?: |$)/g, '$1\n  ').trimEnd();

function table(): string {
  const rows = ASSUMPTIONS.map(
    ({ id, sentence, restsOnIt, proof }) =>
      `| ${sentence} | ${restsOnIt} | ${proof.by === 'command' ? `\`verify-account\` (${id})` : `by hand: ${proof.how}`} |`,
  );
  return ['| assumption | what rests on it | how to check it |', '| --- | --- | --- |', ...rows].join('\n');
}
