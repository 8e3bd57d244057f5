import { ASSUMPTIONS } from '../../cli/verify-account/assumptions';
import { between } from './between';
import { table } from './markdown';

/** docs/safety.md with everything that was never checked on a real account. */
export const safetyPage = (page: string): string => between(page, 'assumptions', assumptionTable());

const assumptionTable = (): string =>
  table(
    ['assumption', 'what rests on it', 'how to check it'],
    ...ASSUMPTIONS.map(({ id, sentence, restsOnIt, proof }) => [
      sentence,
      restsOnIt,
      proof.by === 'command' ? `\`verify-account\` (${id})` : `by hand: ${proof.how}`,
    ]),
  );
