import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import {
  GetFunctionCommand,
  GetPolicyCommand,
  type LambdaClient,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { unzipSync, zipSync } from 'fflate';

import { readPlan } from '../../../cli/check-plan/read-plan';
import { replacementOf, staleFunctions } from '../../../cli/check-plan/stale-functions';
import type { Terraform } from '../../../sandbox/terraform';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import type { AppliedStack } from '../../e2e/stack/support/applied-stack';
import { Stage } from '../../e2e/stack/support/stage';

const KEY = 'backup';
const FUNCTION = { FunctionName: `iam-key-rotation-${KEY}` };
const WARNING =
  "do not run the code of this configuration: their last update failed, or somebody replaced the code. Run: terraform apply '-replace=aws_lambda_function.";

interface SynthesizedFunction {
  filename: string;
  source_code_hash: string;
}

/** The tests are one story: each begins where the one before ended. */
describeWithTools('the code of a function', () => {
  const configuration = aStack([aUser('backup')], { secretRecoveryDays: 0 });
  let stage: Stage;
  let stack: AppliedStack;
  let lambda: LambdaClient;

  beforeAll(async () => {
    stage = await Stage.open();
    ({ stack } = stage);
    ({ lambda } = stage.account);
    await stack.synthesize(configuration);
    olderCode(stack.directory);
    await stack.terraform.apply();
    await stack.synthesize(configuration);
  });
  afterAll(() => stage.close());

  const codeOf = async (): Promise<string> =>
    (await lambda.send(new GetFunctionCommand(FUNCTION))).Configuration!.CodeSha256!;
  const plan = async (): Promise<{ readonly exitCode: number; readonly warns: boolean }> => {
    const { exitCode, output } = await stack.terraform.plan();
    return { exitCode, warns: output.replaceAll(/[\s│]+/g, ' ').includes(WARNING) };
  };

  it('is no reason to warn while an upgrade is planned that changes it', async () => {
    expect(await plan()).toEqual({ exitCode: 2, warns: false });
  });

  it('is reported by every plan after an upgrade whose update of the code AWS refused', async () => {
    const older = await codeOf();
    const refusal = stage.aws.inject({
      match: { service: 'lambda', action: 'UpdateFunctionCode' },
      fault: {
        kind: 'refuse',
        code: 'ResourceConflictException',
        message: 'An update is in progress',
        status: 409,
      },
      times: 100,
    });
    await stack.failToApply(configuration);
    refusal.remove();

    expect(await codeOf()).toBe(older);
    // Terraform has written down the new hash, so by itself it sees nothing to do.
    expect((await plan()).warns).toBe(true);
  });

  it('is reported without its name where the plan makes another function, and stale-functions has the name', async () => {
    const another = aStack([aUser('backup'), aUser('mailer')], { secretRecoveryDays: 0 });
    await stack.synthesize(another);

    const { output } = await stack.terraform.plan();
    expect(output).toContain('This check failed, but has an invalid error message');
    expect(await planned(stack.terraform)).toContain(`aws_lambda_function.${KEY}`);

    await stack.synthesize(configuration);
  });

  it('is put right by a replacement of what stale-functions prints, and the function keeps who may invoke it', async () => {
    const older = await codeOf();

    const replaced = await planned(stack.terraform);
    expect(replaced).toHaveLength(3 + 7);
    await stack.terraform.apply(...replaced.map((address) => `-replace=${address}`));

    expect(await codeOf()).not.toBe(older);
    const { Policy } = await lambda.send(new GetPolicyCommand(FUNCTION));
    expect(Policy).toContain('secretsmanager.amazonaws.com');
    expect(await plan()).toEqual({ exitCode: 0, warns: false });
    await stage.rotate('backup');
  });

  it('is reported by every plan after somebody else replaced it', async () => {
    await lambda.send(
      new UpdateFunctionCodeCommand({
        ...FUNCTION,
        ZipFile: zipSync({ 'index.mjs': Buffer.from('export {};') }),
      }),
    );

    expect(await plan()).toEqual({ exitCode: 0, warns: true });
  });
});

/** What the command line prints for a plan of now. */
async function planned(terraform: Terraform): Promise<readonly string[]> {
  await terraform.plan('-out=planned');
  const { stdout } = await terraform.run('show', '-json', 'planned');
  const file = join(mkdtempSync(join(tmpdir(), 'plan-')), 'plan.json');
  writeFileSync(file, stdout);
  const read = readPlan(file);
  rmSync(dirname(file), { recursive: true });
  return replacementOf(staleFunctions(read), read);
}

/** Has the stack in the folder run other code of the same meaning, as an older version of the product would. */
function olderCode(directory: string): void {
  const file = join(directory, 'cdk.tf.json');
  const synthesized = JSON.parse(readFileSync(file, 'utf8')) as {
    resource: { aws_lambda_function: Record<string, SynthesizedFunction> };
  };
  for (const lambda of Object.values(synthesized.resource.aws_lambda_function)) {
    const older = `older-${lambda.source_code_hash}.zip`;
    const entries = unzipSync(readFileSync(join(directory, lambda.filename)));
    writeFileSync(join(directory, older), zipSync({ ...entries, older: Buffer.from('older') }));
    Object.assign(lambda, { filename: older, source_code_hash: 'older' });
  }
  writeFileSync(file, JSON.stringify(synthesized));
}
