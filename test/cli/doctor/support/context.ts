import type { Context } from '../../../../cli/doctor/check';
import { Account } from '../../../../cli/doctor/account';
import { Expected } from '../../../../cli/doctor/expected';
import type { SynthesizedStack } from '../../../../cli/import-blocks/synthesized-stack';
import type { AccessKey } from '../../../../handlers/core/model/access-key';
import type { Journal } from '../../../../handlers/core/model/journal';
import type { JournalRecord } from '../../../../handlers/core/model/ports';

const REGION = 'eu-west-1';

/** What a synthesized stack has, by type and Terraform's name, and what else is the case. */
export interface Situation {
  readonly resources?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly stack?: Partial<SynthesizedStack>;
  readonly folder?: string;
  /** In place of a folder: a stack of the Terraform modules. */
  readonly states?: readonly string[];
  readonly keys?: Readonly<Record<string, readonly AccessKey[]>>;
  /** By stable key; an error is what reading it throws. */
  readonly journals?: Readonly<Record<string, Journal | Error>>;
  readonly clockOffset?: number;
  readonly callerArn?: string;
}

/** What every stack has. */
const TABLE = { journal: { name: 'iam-key-rotation' } };

/** The settings of a user, as the stack writes them. */
export const settingsOf = (userName: string, stableKey = userName) => ({
  item: JSON.stringify({
    stableKey: { S: stableKey },
    userName: { S: userName },
    secretArn: { S: `\${aws_secretsmanager_secret.${stableKey}.arn}` },
  }),
});

/** For clients that a test has mocked. */
export function contextOf({
  resources = {},
  stack = {},
  folder = 'stack',
  states,
  keys = {},
  journals = {},
  clockOffset = 0,
  callerArn = 'arn:aws:iam::111122223333:user/admin',
}: Situation): Context {
  const all = Object.entries({ aws_dynamodb_table: TABLE, ...resources }).flatMap(([type, byName]) =>
    Object.entries(byName).map(([name, own]) => ({
      ...{ type, name, address: `${type}.${name}`, region: REGION, arguments: own },
    })),
  );
  const connection = { region: REGION, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'none' } };
  const list = (userName: string): Promise<readonly AccessKey[]> => Promise.resolve(keys[userName] ?? []);
  const read = (stableKey: string): Promise<JournalRecord> => {
    const journal = journals[stableKey];
    return journal instanceof Error ? Promise.reject(journal) : Promise.resolve({ journal });
  };
  return {
    expected: new Expected(states === undefined ? { folder } : { states }, {
      accountId: '111122223333',
      region: REGION,
      resources: all,
      ...stack,
    }),
    account: new Account(connection, clockOffset, { list }, { read }, callerArn),
  };
}

/** How AWS says no. */
export const refusal = (name: string, message = name): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });
