import { ASSUMPTIONS } from '../../cli/verify-account/assumptions';
import { between } from './between';

const TRIED = ASSUMPTIONS.filter(({ proof }) => proof.by === 'command');

/** docs/safety.md with everything that was never checked on a real account. */
export const safetyPage = (page: string): string => between(page, 'assumptions', table());

/** README.md with how much that is. */
export const readmePage = (page: string): string =>
  between(
    page,
    'assumptions',
    [
      '| never checked on a real AWS account | how many |',
      '| --- | --- |',
      `| tried by [\`verify-account\`](docs/verify-account.md) | ${TRIED.length} |`,
      `| [to check by hand](docs/safety.md#what-remains) | ${ASSUMPTIONS.length - TRIED.length} |`,
    ].join('\n'),
  );

function table(): string {
  const rows = ASSUMPTIONS.map(
    ({ id, sentence, restsOnIt, proof }) =>
      `| ${sentence} | ${restsOnIt} | ${proof.by === 'command' ? `\`verify-account\` (${id})` : `by hand: ${proof.how}`} |`,
  );
  return ['| assumption | what rests on it | how to check it |', '| --- | --- | --- |', ...rows].join('\n');
}
