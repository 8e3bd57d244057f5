import { Command } from 'commander';

import { replaceLeakedKey } from '../../handlers/core/operator/replace-leaked-key';
import { describeCommand } from '../help';
import { CHANGE_KEYS, IAM_USERS, SECRETS } from '../policy/permission';
import { print } from '../print';
import { accessKeyId, forUser, withUserOptions, type UserOptions } from './user-options';

interface Options extends UserOptions {
  readonly leaked: string;
  readonly giveWay?: string;
}

/** `emergency`: replaces a leaked key at once. */
export function newCommand(): Command {
  return describeCommand(withUserOptions(new Command('emergency')), {
    summary: 'replace a leaked key at once',
    description:
      'Replace a leaked key: make a new one, prove it, make it current, then deactivate and delete the leaked one at once, ' +
      'without overlap or grace period. A leaked key that is not the current one is only deactivated.',
    examples: [
      {
        title: 'Replace a key that was found in a repository',
        text: 'iam-key-rotation emergency --user ci-deployer --leaked AKIAIOSFODNN7EXAMPLE',
      },
      {
        title: 'The same where both slots are taken, and the other key may be deleted for good',
        text: 'iam-key-rotation emergency --user ci-deployer --leaked AKIAIOSFODNN7EXAMPLE --give-way AKIAI44QH8DHBEXAMPLE',
      },
    ],
    permissions: [
      ...CHANGE_KEYS,
      { sid: 'ChangeSecrets', actions: ['secretsmanager:PutSecretValue'], resources: [SECRETS] },
      {
        sid: 'ChangeKeys',
        actions: ['iam:CreateAccessKey', 'iam:DeleteAccessKey', 'iam:GetAccessKeyLastUsed'],
        resources: [IAM_USERS],
      },
    ],
  })
    .requiredOption('--leaked <access key id>', 'the key that leaked', accessKeyId)
    .option(
      '--give-way <access key id>',
      'where both slots are taken: the other key, which is deleted for good to make room',
      accessKeyId,
    )
    .action(async ({ leaked, giveWay, ...user }: Options) => {
      const { newKeyId, leakedKey } = await forUser(user, 'emergency', (ports, settings) =>
        replaceLeakedKey(ports, settings, { leakedKeyId: leaked, giveWayKeyId: giveWay }),
      );
      print(
        `${user.user}: leaked key ${leaked} is ${leakedKey}${newKeyId === undefined ? '' : `; ${newKeyId} is current`}.`,
      );
    });
}
