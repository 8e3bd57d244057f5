import { CallRefusedError, CallUnansweredError } from '../../handlers/core/model/call-errors';
import { hasCode } from '../error-code';

/** AWS refused a call or could not be reached. All else is a failure of this program. */
export const isOfAws = (error: unknown): boolean =>
  (error instanceof Error && '$metadata' in error) ||
  error instanceof CallRefusedError ||
  error instanceof CallUnansweredError ||
  hasCode(error, 'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT');
