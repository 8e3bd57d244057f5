/*
 * What holds where nothing is said, in `rotation.yaml` as in the constructs and the Terraform modules.
 */

export const DEFAULT_LOG_RETENTION_DAYS = 365;
export const DEFAULT_SECRET_RECOVERY_DAYS = 30;
export const DEFAULT_MAXIMUM_DELETIONS_PER_RUN = 25;
/** Of the runbook: where it is in this project. */
export const DEFAULT_RUNBOOK_URL = 'docs/runbook.md';
export const DEFAULT_AUDIT_RETENTION_DAYS = 400;
