import { DRILL_CODE, DRILL_DETAIL_TYPE, DRILL_SOURCE, leakDrillSchema } from '../../../contract/leak-drill';
import type { Heard, LeakReport } from './read-leak-report';

/**
 * What an event says of a drill; undefined: it is about something else, or about another stack. Everybody who may put events may
 * put this one, so it decides nothing: see `respond`.
 *
 * @param stack the prefix of the responder's stack
 */
export function readLeakDrill(heard: Heard, stack: string): LeakReport | undefined {
  if (heard.source !== DRILL_SOURCE || heard['detail-type'] !== DRILL_DETAIL_TYPE) return undefined;
  const parsed = leakDrillSchema.safeParse(heard.detail);
  if (!parsed.success || parsed.data.stack !== stack) return undefined;
  const { keyId, at } = parsed.data;
  return {
    ...{ id: heard.id, code: DRILL_CODE, isKnown: true, at: Date.parse(at) },
    ...{ keyIds: [keyId], userNames: [], drill: true },
  };
}
