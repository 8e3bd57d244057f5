import { Logger } from '@aws-lambda-powertools/logger';

import type { Log } from '../core/model/ports';

/** Structured logs, one JSON object a line; `keys` are in every line. The event itself is never logged. */
export function createLog(keys: Readonly<Record<string, string | undefined>>): Log {
  const logger = new Logger({ serviceName: 'iam-key-rotation', persistentKeys: { ...keys } });
  return {
    info: (message, fields = {}) => {
      logger.info(message, fields);
    },
    warn: (message, fields = {}) => {
      logger.warn(message, fields);
    },
    error: (message, fields = {}) => {
      logger.error(message, fields);
    },
  };
}
