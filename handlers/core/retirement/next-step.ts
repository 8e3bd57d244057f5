import type { Settings } from '../../../contract/settings';
import type { FindingKind } from '../../../contract/telemetry-names';

/** What to do first about a finding. @param settings undefined where they cannot be read. */
export function nextStepFor(kind: FindingKind, settings: Settings | undefined): string {
  const userName = settings?.userName ?? '<user>';
  const secretArn = settings?.secretArn ?? '<secret>';
  const listKeys = `aws iam list-access-keys --user-name ${userName}`;
  const rotate = `aws secretsmanager rotate-secret --secret-id ${secretArn}`;
  const describe = `aws secretsmanager describe-secret --secret-id ${secretArn}`;
  switch (kind) {
    case 'rotationOverdue':
      return `Find out whether rotation is switched on and what the last try failed with: ${describe}; then rotate: ${rotate}`;
    case 'rotationStuck':
      return `Look at the log of the rotation function, and at the labels: ${describe}. Another try: ${rotate}`;
    case 'rotationWaits':
      return `See which keys take both slots: ${listKeys}. A key of ours makes way by itself; an unmanaged one has to be removed.`;
    case 'keyPastMaximumAge':
      return `Find out which key it is: ${listKeys}. If it is the current one, rotate: ${rotate}`;
    case 'heldPastMaximumAge':
    case 'stillInUse':
      return 'Have the application that uses the old key read the secret; the log of the retirement function names who uses it. The hold then ends by itself.';
    case 'reactivatedByPerson':
      return 'Ask whoever re-activated the key what needs it; once it is Inactive again its grace period begins anew.';
    case 'unmanagedKey':
      return `Find out who made it, in CloudTrail (CreateAccessKey), and remove it once nothing uses it: ${listKeys}. Or let takeOver in rotation.yaml retire it.`;
    case 'currentNotWorking':
      return `Applications cannot work with this key. If somebody deactivated it: aws iam update-access-key --user-name ${userName} --status Active --access-key-id <key>; if it is gone: terraform apply, with -replace of the user's first key.`;
    case 'currentKeyLeaked':
      return `Run the emergency rotation again, with --prefix if the stack has another than iam-key-rotation: npx iam-key-rotation emergency --user ${settings?.stableKey ?? '<user>'} --leaked <id of the current key>`;
    case 'exemptionEndsSoon':
      return 'Make sure that every application reads the secret, or extend the exemption in rotation.yaml.';
    case 'unknownState':
      return `Compare the labels of the secret with the journal in the table, and see the log of the retirement function: ${describe}. No key of the user is touched until both agree.`;
    case 'visitFailed':
      return "See the user's error in the log of the retirement function; it says the rule and the remedy.";
  }
}
