/*
 * How AWS says that a key leaked: an event of AWS Health, and a managed policy that it attaches to the user.
 */

/** What a stack may do about a leak. */
export const ON_LEAK = ['notify', 'replace'] as const;

export type OnLeak = (typeof ON_LEAK)[number];

/** In Health's event. https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html */
export const HEALTH_SOURCE = 'aws.health';
export const HEALTH_DETAIL_TYPE = 'AWS Health Event';
export const RISK = 'RISK';

/** The codes of that service that are known (F 14.1). Others are told, and start nothing. */
export const LEAK_CODES: readonly string[] = [
  'AWS_RISK_CREDENTIALS_EXPOSED',
  'AWS_RISK_CREDENTIALS_EXPOSURE_SUSPECTED',
  'AWS_RISK_CREDENTIALS_COMPROMISED',
  'AWS_RISK_CREDENTIALS_COMPROMISE_SUSPECTED',
  'AWS_RISK_IAM_QUARANTINE',
];

/** What the names of AWS's quarantine policies begin with, whatever their version (F 14.3). */
export const QUARANTINE_POLICY = 'AWSCompromisedKeyQuarantine';

export const CLOUDTRAIL_DETAIL_TYPE = 'AWS API Call via CloudTrail';
export const QUARANTINE_SOURCE = 'aws.iam';
export const QUARANTINE_CALL = 'AttachUserPolicy';

/** What becomes of a key that is reported, as the rotation function says. */
export const LEAK_OUTCOMES = [
  /** It was current. A new key is, and it is Inactive. */
  'replaced',
  /** It was current, and no slot was free. AWSCURRENT is back on the previous key; it is Inactive; a new key comes later. */
  'wentBack',
  /** It was not current, and is Inactive now; or deleted, if it never had been current. */
  'deactivated',
  /** It was Inactive already, or gone, or a person re-activated it after the leak was answered. Nothing was changed. */
  'overAlready',
  /** This product did not make it, so nothing was changed (R4). */
  'notOurs',
  /** It is current, and nothing may give way for a new one. Nothing was changed. */
  'cannotBeReplaced',
] as const;

export type LeakOutcome = (typeof LEAK_OUTCOMES)[number];

/**
 * `unknownCode`: Health has a code that this version does not know. `failed`: the rotation function ended with an error.
 * `notForDrills`: a drill is about a user whom the configuration does not name for drills.
 */
export const LEAK_REPORT_OUTCOMES = [...LEAK_OUTCOMES, 'unknownCode', 'failed', 'notForDrills'] as const;

export type LeakReportOutcome = (typeof LEAK_REPORT_OUTCOMES)[number];

/** Where Health sends its global events besides, in case the first region is impaired (F 14.2). */
const HEALTH_BACKUP_REGIONS: Readonly<Record<string, string>> = { aws: 'us-west-2' };

export const healthBackupRegion = (partition: string): string | undefined => HEALTH_BACKUP_REGIONS[partition];
