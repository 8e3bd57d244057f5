import type { Construct } from 'constructs';

import { iamUserArn } from '../aws/aws-place';
import type { AwsPlace } from '../aws/aws-place';
import type { StackConfiguration } from '../config/configuration';
import { secretNamePrefix, sharedFunctionName, TAG_KEYS } from '../aws/names';
import type { JournalTable } from '../journal-table/journal-table';
import type { FunctionDefaults } from '../node-function/node-function-props';
import { vpcStatements } from '../node-function/vpc';
import { encryptedCopies, rotationStatements } from './policies';
import { RotationFunction } from './rotation-function';
import { charactersForUsersBeside, usersOfStack } from './shared-users';
import type { SharedFunctionUser } from './shared-users';

export interface SharedRotationProps {
  readonly configuration: StackConfiguration;
  readonly place: AwsPlace;
  readonly table: JournalTable;
  readonly defaults: FunctionDefaults;
  /** Asked once all users are made: they need the function before it can know them. */
  readonly users: () => readonly SharedFunctionUser[];
}

/** The one function that rotates all users of a stack. */
export function sharedRotation(scope: Construct, props: SharedRotationProps): RotationFunction {
  const { place, table } = props;
  const { accountId, name, prefix, secretPrefix, sharded, users } = props.configuration;
  const tag = { key: TAG_KEYS.stack, value: name };
  const secrets = `${place.region}:${accountId}:secret:${secretNamePrefix(secretPrefix)}*`;
  return new RotationFunction(scope, 'SharedRotation', {
    address: 'rotate',
    functionName: sharedFunctionName(prefix),
    description: `Rotates the access keys of the IAM users of ${name}.`,
    environment: { TABLE_NAME: table.tableName, STACK: prefix, SECRET_NAME_PREFIX: secretPrefix },
    statements: () =>
      rotationStatements({
        place,
        users: usersOfStack(props.users(), { arnOfPath: (path) => iamUserArn(place, path, '*') }, tag, {
          characters: charactersForUsersBeside(
            vpcStatements(props.defaults.vpc, sharedFunctionName(prefix)),
            keysOf(props.configuration).slice(1),
            [secretPrefix.slice(prefix.length)],
          ),
        }),
        secretArn: `arn:${place.partition}:secretsmanager:${secrets}`,
        tableArn: table.arn,
        stableKey: '*',
        kmsKeyArns: keysOf(props.configuration),
        copies: encryptedCopies(
          users.flatMap(({ replicas }) => replicas),
          `${secretNamePrefix(secretPrefix)}*`,
          place,
        ),
        secretTag: sharded ? tag : undefined,
        delivers: users.some(({ deliver }) => deliver.length > 0),
      }),
    invokedFor: { accountId },
    defaults: props.defaults,
  });
}

/** The stack's first, which users that come later have, too. */
const keysOf = ({ kmsKeyArn, users }: StackConfiguration): readonly string[] => [
  ...new Set([kmsKeyArn, ...users.map((user) => user.kmsKeyArn)].filter((arn) => arn !== undefined)),
];
