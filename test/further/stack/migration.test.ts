import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DAY, HOUR } from '../../../contract/instant';
import { type Terraform, terraform, terraformCliConfig } from '../../../sandbox/terraform';
import { CLI_COMMAND, furnishProject } from '../../support/product';
import { Application } from '../../e2e/client/support/application';
import type { StoredKey } from '../../e2e/stack/support/account';
import { Stage } from '../../e2e/stack/support/stage';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

const PROVIDER = `
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
`;

/** The blocks of a user in the other configuration, by address. */
const blocksOf = (name: string): ReadonlyMap<string, string> =>
  new Map([
    [
      `aws_iam_user.${name}`,
      `resource "aws_iam_user" "${name}" {\n  name = "${name}@example"\n  path = "/mail/"\n}\n`,
    ],
    [
      `aws_iam_access_key.${name}`,
      `resource "aws_iam_access_key" "${name}" {\n  user = "${name}@example"\n  depends_on = [aws_iam_user.${name}]\n}\n`,
    ],
    [
      `aws_iam_user_policy_attachment.${name}`,
      `resource "aws_iam_user_policy_attachment" "${name}" {\n  user       = "${name}@example"\n  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"\n  depends_on = [aws_iam_user.${name}]\n}\n`,
    ],
  ]);

const ROTATION_YAML = `
stacks:
  production:
    accountId: '111122223333'
    region: eu-west-1
    functions: shared
    protection: 'off'
    secretRecoveryDays: 0
    include: [users/*.yaml]
`;

interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly output: string;
}

/** A step as \`adopt\` prints it: its place, the HCL and the commands, in their order. */
interface PrintedStep {
  readonly place: string;
  readonly hcl: string;
  readonly commands: readonly string[];
}

function printedSteps(stdout: string): readonly PrintedStep[] {
  const [, ...steps] = stdout.split(/^\d+\. /m);
  return steps.map((step) => {
    const copied = step.split('\n').filter((line) => line.startsWith('     '));
    const lines = copied.map((line) => line.slice(5));
    const isHcl = (line: string): boolean => /^(removed \{|\}| {2})/.test(line);
    return {
      place: step.slice(0, step.indexOf(':')),
      hcl: lines.filter(isHcl).join('\n'),
      commands: lines.filter((line) => !isHcl(line)),
    };
  });
}

/** The tests are one story: each begins where the one before ended. */
describe.each<
  [string, readonly string[], { readonly forgotten: readonly string[]; readonly toImport: number }]
>([
  ['stays with its owner', [], { forgotten: ['aws_iam_access_key.mailer'], toImport: 0 }],
  ['moves here', ['--import'], { forgotten: [...blocksOf('mailer').keys()].sort(), toImport: 1 }],
])('a user that another Terraform made, with its key, and that %s', (_, options, expected) => {
  describeWithTools('as adopt prints it', () => {
    let stage: Stage;
    let other: Terraform;
    let application: Application;
    let oldKey: StoredKey;
    const work = mkdtempSync(join(tmpdir(), 'migration-'));
    const [project, otherFolder, programs] = [
      join(work, 'here'),
      join(work, 'other'),
      join(work, 'programs'),
    ];
    const state = join(otherFolder, 'terraform.tfstate');
    let configuration = new Map([...blocksOf('mailer'), ...blocksOf('biller')]);
    let steps: readonly PrintedStep[];

    const writeOther = (): void =>
      writeFileSync(join(otherFolder, 'main.tf'), [PROVIDER, ...configuration.values()].join('\n'));

    /** What a person types, one command after the other, until one fails. */
    async function shell(folder: string, ...commands: readonly string[]): Promise<Ran> {
      const script = commands.map((command) => command.replaceAll('<stack>', 'production')).join('\n');
      const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
        cwd: folder,
        env: {
          PATH: `${programs}:${process.env['PATH'] ?? ''}`,
          HOME: work,
          NODE_NO_WARNINGS: '1',
          TF_CLI_CONFIG_FILE: terraformCliConfig(),
          TF_INPUT: '0',
          TF_CLI_ARGS: '-no-color',
          CHECKPOINT_DISABLE: '1',
          AWS_MAX_ATTEMPTS: '3',
          ...stage.aws.environment,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let [stdout, output] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
        output += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
      const [exitCode] = (await once(child, 'close')) as [number | null];
      return { exitCode, stdout, output };
    }
    const succeed = async (folder: string, ...commands: readonly string[]): Promise<string> => {
      const { exitCode, output } = await shell(folder, ...commands);
      if (exitCode !== 0) throw new Error(`${commands.join('\n')}\nended with ${exitCode}:\n${output}`);
      return output;
    };
    const adopt = (...args: readonly string[]): Promise<Ran> =>
      shell(project, `npx iam-key-rotation adopt ${args.join(' ')}`);
    const stepAt = (place: string, nth = 0): PrintedStep => {
      const step = steps.filter((one) => one.place === place)[nth];
      if (step === undefined) throw new Error(`No step ${place} was printed.`);
      return step;
    };

    beforeAll(async () => {
      stage = await Stage.open();
      for (const folder of [project, otherFolder, programs, join(project, 'users')])
        mkdirSync(folder, { recursive: true });
      furnishProject(project);
      writeFileSync(join(project, 'rotation.yaml'), ROTATION_YAML);
      const cli = CLI_COMMAND.map((part) => `'${part}'`).join(' ');
      const [node, ...loader] = CLI_COMMAND.slice(0, -1).map((part) => `'${part}'`);
      writeFileSync(join(programs, 'npx'), `#!/bin/sh\nshift\nexec ${cli} "$@"\n`);
      writeFileSync(
        join(programs, 'npm'),
        `#!/bin/sh\nexec ${node!} --disable-warning=DEP0044 ${loader.join(' ')} main.ts\n`,
      );
      for (const program of ['npx', 'npm']) chmodSync(join(programs, program), 0o755);

      writeOther();
      other = terraform(otherFolder, { env: stage.aws.environment });
      await other.init();
      await other.apply();
      const { values } = (await other.show()) as {
        values: {
          root_module: { resources: readonly { address: string; values: Record<string, string> }[] };
        };
      };
      const key = values.root_module.resources.find(
        ({ address }) => address === 'aws_iam_access_key.mailer',
      )!;
      oldKey = { AccessKeyId: key.values['id']!, SecretAccessKey: key.values['secret']! };
      application = new Application('the application', [stage.account.clientWith(oldKey)], {
        parallel: 1,
        everyMs: 200,
      });
    });
    afterAll(async () => {
      await stage.close();
      rmSync(work, { recursive: true });
    });

    it('is found, with the address of its key there, and nothing of the state is printed but names', async () => {
      const { exitCode, stdout, output } = await adopt('--users mailer@example', '--json', '--state', state);

      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        keys: [{ accessKeyId: oldKey.AccessKeyId, ownedBy: 'aws_iam_access_key.mailer', verdict: 'rotate' }],
      });
      expect(output).toContain('Leave no copy of it');
      expect(output).not.toContain(oldKey.SecretAccessKey);
    });

    it('has its entry written, and the steps printed', async () => {
      const { exitCode, stdout, output } = await adopt(
        ...['--users mailer@example --write users/mailer.yaml', ...options, '--state', state],
      );

      expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
      expect(output).not.toContain(oldKey.SecretAccessKey);
      steps = printedSteps(stdout);
      expect(steps.map(({ place }) => place)).toEqual([
        'In the other configuration',
        'Here',
        'In the applications',
        'Here',
      ]);
    });

    it('is not written a second time over what somebody may have changed', async () => {
      const before = readFileSync(join(project, 'users/mailer.yaml'), 'utf8');

      expect(await adopt('--users mailer@example --write users/mailer.yaml')).toMatchObject({
        exitCode: 1,
        output: expect.stringContaining('users/mailer.yaml is there already') as string,
      });
      expect(readFileSync(join(project, 'users/mailer.yaml'), 'utf8')).toBe(before);
    });

    it('is forgotten by the other Terraform, with what is printed and no more', async () => {
      const { hcl, commands } = stepAt('In the other configuration');
      const named = [...hcl.matchAll(/from = (\S+)/g)].map(([, address]) => address!);
      expect([...named].sort()).toEqual(expected.forgotten);
      configuration = new Map([...configuration].filter(([address]) => !named.includes(address)));
      configuration.set('removed', hcl);
      writeOther();

      const output = await succeed(otherFolder, ...commands);

      expect(output).toContain('0 to destroy');
      expect(output.match(/# \S+ will no longer be managed/g)).toHaveLength(expected.forgotten.length);
      expect(await stage.account.keysOf('mailer@example')).toEqual([`${oldKey.AccessKeyId} Active`]);
    });

    it('gets a secret with a key of its own beside the old one', async () => {
      // Another user of the same configuration, whose owner forgets the step before.
      expect(await adopt('--users biller@example --write users/biller.yaml --no-state')).toMatchObject({
        exitCode: 0,
      });

      const output = await succeed(project, ...stepAt('Here').commands);

      expect(/(\d+) to import/.exec(output)?.[1] ?? '0').toBe(String(expected.toImport));
      const { AccessKeyId } = await stage.currentKey('mailer_example');
      expect([...(await stage.account.keysOf('mailer@example'))].sort()).toEqual(
        [`${AccessKeyId} Active`, `${oldKey.AccessKeyId} Active`].sort(),
      );
    });

    it('is not taken over in the wrong order, while the other Terraform owns the key', async () => {
      const before = readFileSync(join(project, 'users/biller.yaml'), 'utf8');

      const unanswered = await adopt('--take-over users/biller.yaml');
      expect(unanswered).toMatchObject({ exitCode: 1 });
      expect(unanswered.output).toContain('--take-over needs an answer');
      const refused = await adopt('--take-over users/biller.yaml --state', state);
      expect(refused).toMatchObject({ exitCode: 1 });
      expect(refused.output).toContain('Another Terraform still owns a key, so nothing was written.');
      expect(refused.output).toContain('from = aws_iam_access_key.biller');

      expect(readFileSync(join(project, 'users/biller.yaml'), 'utf8')).toBe(before);
      expect((await other.plan()).exitCode).toBe(0);
    });

    it('is taken over when its application reads the secret', async () => {
      const before = application;
      application = new Application(
        'the application, from the secret',
        [stage.account.clientWith(await stage.currentKey('mailer_example'))],
        { parallel: 1, everyMs: 200 },
      );
      await before.stop();
      expect([...before.calls.values()][0]).toBeGreaterThan(20);
      expect(before.failures).toEqual([]);

      await succeed(project, ...stepAt('Here', 1).commands);

      expect(readFileSync(join(project, 'users/mailer.yaml'), 'utf8')).toContain(
        `takeOver: [${oldKey.AccessKeyId}]`,
      );
    });

    it('is not written again where everything is written', async () => {
      const before = readFileSync(join(project, 'users/mailer.yaml'), 'utf8');

      expect(await adopt('--take-over users/mailer.yaml --state', state)).toMatchObject({ exitCode: 0 });

      expect(readFileSync(join(project, 'users/mailer.yaml'), 'utf8')).toBe(before);
    });

    it('has its old key deactivated and deleted in time, and no call of the application fails', async () => {
      await stage.sweep();
      stage.goTo(stage.now() + 2 * DAY + HOUR);
      await stage.sweep();
      expect(await stage.account.keysOf('mailer@example')).toContain(`${oldKey.AccessKeyId} Inactive`);
      expect((await other.plan()).exitCode).toBe(0);
      stage.goTo(stage.now() + 8 * DAY);
      await stage.sweep();

      const { AccessKeyId } = await stage.currentKey('mailer_example');
      expect(await stage.account.keysOf('mailer@example')).toEqual([`${AccessKeyId} Active`]);
      await application.stop();
      expect([...application.calls.values()][0]).toBeGreaterThan(20);
      expect(application.failures).toEqual([]);
    });

    it('leaves nothing to do, there and here', async () => {
      expect((await other.plan()).exitCode).toBe(0);
      const here = await shell(
        join(project, 'cdktf.out/stacks/production'),
        'terraform plan -detailed-exitcode',
      );
      expect(here).toMatchObject({ exitCode: 0 });
      expect(here.output).toContain('No changes');
    });

    it('keeps its policies', async () => {
      expect(await stage.account.policiesOf('mailer@example')).toEqual([
        'arn:aws:iam::aws:policy/ReadOnlyAccess',
      ]);
    });
  });
});
