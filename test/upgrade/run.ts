import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { CreateRoleCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';

import { findLosses } from '../../cli/check-plan/find-losses';
import { readPlan } from '../../cli/check-plan/read-plan';
import { silenceNodeVersionWarning } from '../../handlers/aws/sdk-node-version';
import { throwAwayConfiguration } from '../../sandbox/demo/throw-away-configuration';
import { makeThrowAwayProject } from '../../sandbox/demo/throw-away-project';
import { startLocalAws } from '../../sandbox/local-aws';
import { terraform } from '../../sandbox/terraform';
import { Account } from '../e2e/stack/support/account';
import { OlderVersion } from './older-version';

/**
 * `npm run upgrade -- <commit or tag>`: applies the example of an older version on the local AWS, and then this version
 * over it. Fails if the plan between them would lose something, if a key does not work afterwards, or if there is
 * something left to do.
 */
async function main(ref: string): Promise<void> {
  silenceNodeVersionWarning();
  const older = await OlderVersion.of(ref);
  const aws = await startLocalAws({ accessKeys: { propagation: { delaySeconds: 0, flapping: false } } });
  const project = makeThrowAwayProject();
  try {
    const account = new Account(aws);
    const configuration = join(project.directory, 'rotation.yaml');
    // What the older version knows; this one has to know it, too.
    const example = throwAwayConfiguration(readFileSync(join(older.folder, 'rotation.yaml'), 'utf8'));
    writeFileSync(configuration, example);
    await older.synthesize(project.directory, configuration);
    await makeReaders(new IAMClient(aws.clientConfig()), example);
    const tf = terraform(project.stackDirectory, { env: aws.environment });
    await tf.init();
    await tf.apply();
    const secrets = Object.values((await tf.output())['secret_arns'] as Record<string, string>);
    const before = await Promise.all(secrets.map((secret) => account.storedKey(secret)));
    say(`${ref} is applied: ${secrets.length} users.`);

    await project.synthesize();
    await tf.init();
    await tf.plan('-out=plan');
    const { stdout: shown } = await tf.run('show', '-no-color', 'plan');
    say(
      shown
        .split('\n')
        .filter((line) => /^ {2}# |^Plan:|^No changes/.test(line))
        .join('\n'),
    );
    writeFileSync(join(project.directory, 'plan.json'), (await tf.run('show', '-json', 'plan')).stdout);
    const { refused } = findLosses(readPlan(join(project.directory, 'plan.json')), []);
    if (refused.length > 0)
      throw new Error(`The upgrade would lose ${JSON.stringify(refused, undefined, 2)}`);

    await tf.apply('plan');
    const after = await Promise.all(secrets.map((secret) => account.storedKey(secret)));
    if (JSON.stringify(after) !== JSON.stringify(before))
      throw new Error('The upgrade changed a current key.');
    for (const secret of secrets) {
      const events = await account.rotate(secret);
      if (!events.includes('RotationSucceeded'))
        throw new Error(`${secret} does not rotate: ${events.join()}`);
      say(`${secret} rotates: ${(await account.whoIs(await account.storedKey(secret))) ?? ''}`);
    }
    if ((await tf.plan()).exitCode !== 0) throw new Error('Something is left to do after the upgrade.');
    say('Nothing is left to do.');
  } finally {
    await aws.stop();
    project.remove();
    older.remove();
  }
}

/** The roles and users that the example names as readers: older versions made them principals, which have to exist. */
async function makeReaders(iam: IAMClient, configuration: string): Promise<void> {
  const readers = new Set(configuration.match(/\barn:aws:iam::111122223333:(role|user)\/[\w+=,.@/-]+/g));
  for (const reader of readers) {
    const [kind, ...folders] = reader.slice(reader.lastIndexOf(':') + 1).split('/');
    const name = folders.pop();
    const Path = ['', ...folders, ''].join('/');
    await (kind === 'role'
      ? iam.send(new CreateRoleCommand({ RoleName: name, Path, AssumeRolePolicyDocument: '{}' }))
      : iam.send(new CreateUserCommand({ UserName: name, Path })));
  }
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const [ref] = process.argv.slice(2);
if (ref === undefined) {
  process.stderr.write('Name the version to upgrade from: npm run upgrade -- <commit, tag or branch>\n');
  process.exitCode = 64;
} else {
  main(ref).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
