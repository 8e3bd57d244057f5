import type { AccessKey } from '../model/access-key';
import type { Journal } from '../model/journal';
import type { LeasedJournal } from './lease';
import type { RotationPorts, SecretDescription } from '../model/ports';
import { SecretOfAnotherUserError, UnknownStateError } from '../model/refusals';
import type { Settings } from '../../../contract/settings';
import { settingsItemKey } from '../../../contract/table';
import { TAG_KEYS } from '../../../contract/tags';

/** Takes over what the secret serves, or makes a new first key where it serves none of this product. */
export const replaceFirstKey = ({ stableKey }: Pick<Settings, 'stableKey'>): string =>
  `\`terraform apply -replace=aws_lambda_invocation.${stableKey}_first_key\``;

/** What a change of one user's keys works with, while it holds the user's lease. */
export interface KeyWork {
  readonly ports: RotationPorts;
  readonly settings: Settings;
  readonly leasedJournal: LeasedJournal;
}

/**
 * The user's journal, which has to be about this very user and secret.
 *
 * @throws UnknownStateError if it is missing or about another one (R8).
 */
export function journalOf({ leasedJournal, settings }: Pick<KeyWork, 'leasedJournal' | 'settings'>): Journal {
  const journal = leasedJournal.journal;
  if (journal === undefined) {
    throw new UnknownStateError(
      'The table holds no journal of this user, so it is not known which keys this product made.',
      `No key is changed without a journal. Run ${replaceFirstKey(settings)}: it reads the secret and begins a new journal.`,
    );
  }
  requireBound(journal, settings);
  return journal;
}

/** @throws UnknownStateError if the journal is about another user or secret than the configuration. */
export function requireBound(journal: Journal, settings: Settings): void {
  if (journal.userId === settings.userId && journal.secretArn === settings.secretArn) return;
  throw new UnknownStateError(
    `The journal is about IAM user id ${journal.userId} and secret ${journal.secretArn}; the configuration says ` +
      `${settings.userId} and ${settings.secretArn}.`,
    'Keys are changed only where both agree. Run `terraform apply`: it begins the journal of the new user or secret.',
  );
}

/**
 * What DescribeSecret says of the user's secret. The settings alone do not say whose secret it is: who may write the table
 * is not always who may tag secrets.
 *
 * @throws SecretOfAnotherUserError
 */
export async function describeSecret({
  ports,
  settings,
}: {
  readonly ports: { readonly secrets: Pick<RotationPorts['secrets'], 'describe'> };
  readonly settings: Settings;
}): Promise<SecretDescription> {
  const description = await ports.secrets.describe(settings.secretArn);
  const { userId } = description;
  if (userId === undefined || userId === settings.userId) return description;
  throw new SecretOfAnotherUserError(
    `The settings of ${settings.stableKey} name IAM user id ${settings.userId}; its secret has the tag ${TAG_KEYS.userId} = ${userId}.`,
    'A key of one user is never put into the secret of another. Nothing was changed. Terraform writes both: run `terraform ' +
      'apply`. If nobody has made the user anew, find out who wrote the item ' +
      `${settingsItemKey(settings.stableKey)} of the table.`,
  );
}

export const listKeys = ({ ports, settings }: KeyWork): Promise<readonly AccessKey[]> =>
  ports.keys.list(settings.userName);
