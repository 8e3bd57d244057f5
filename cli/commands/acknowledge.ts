import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Command } from 'commander';

import { acknowledge } from '../../handlers/core/operator/acknowledge';
import { clientConfig, connect } from '../aws-options';
import { describeCommand } from '../help';
import { ACKNOWLEDGE } from '../policy/permission';
import { print } from '../print';
import { accessKeyId, forUser, withUserOptions, type UserOptions } from './user-options';

interface Options extends UserOptions {
  readonly key: string;
}

/** `acknowledge`: says that the consumers of a user work with its current key. */
export function newCommand(): Command {
  return describeCommand(withUserOptions(new Command('acknowledge')), {
    summary: 'say that the consumers work with the current key',
    description:
      'Say that every consumer of a user works with its current key, where the configuration waits for that ' +
      '(acknowledgement). The previous key is then retired when its overlap is over, and not before. The word counts for the key ' +
      'that it names, and for no other; it cannot be taken back.',
    examples: [
      {
        title: 'The vendor has written that the new key is in use',
        text: 'iam-key-rotation acknowledge --user ci-deployer --key AKIAIOSFODNN7EXAMPLE',
      },
    ],
    permissions: ACKNOWLEDGE,
  })
    .requiredOption('--key <access key id>', 'the current key, with which the consumers work', accessKeyId)
    .action(async ({ key, ...options }: Options) => {
      const connection = await connect(options);
      const { Arn: by = 'unknown' } = await new STSClient(clientConfig(connection)).send(
        new GetCallerIdentityCommand({}),
      );
      const outcome = await forUser(options, 'acknowledge', (ports, settings) =>
        acknowledge(ports, settings, { keyId: key, by }),
      );
      print(
        outcome === 'already'
          ? `${options.user}: ${key} was acknowledged before; nothing was changed.`
          : `${options.user}: ${key} is acknowledged. Its predecessor is retired once its overlap is over, within the hour after that.`,
      );
    });
}
