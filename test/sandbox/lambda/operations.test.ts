import {
  CreateFunctionCommand,
  GetFunctionCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';

import { jsonAnswer } from '../../../sandbox/front/answers';
import type { ApiAnswer, ApiCall } from '../../../sandbox/front/api-call';
import { KeptConnections } from '../../../sandbox/front/kept-connections';
import { SandboxClock } from '../../../sandbox/clock';
import { Functions } from '../../../sandbox/lambda/functions';
import { Invoker } from '../../../sandbox/lambda/invoker';
import { lambdaOperations } from '../../../sandbox/lambda/operations';
import { UnpackedZips } from '../../../sandbox/lambda/unpacked-zips';
import { Moto } from '../../../sandbox/moto/moto';
import { Sessions } from '../../../sandbox/sts/sessions';
import { ACCOUNT, type FrontAlone, startFrontAlone } from '../support/front-alone';

/** Shows every function as moto does after any update: for the architecture of its creation. */
class MotoOfOneFunction extends Moto {
  refuses = false;

  override forward(call: ApiCall): Promise<ApiAnswer> {
    if (this.refuses)
      return Promise.resolve(jsonAnswer({}, 409, { 'x-amzn-errortype': 'ResourceConflictException' }));
    const configuration = { FunctionName: 'f', Architectures: ['x86_64'] };
    return Promise.resolve(
      jsonAnswer(call.action === 'GetFunction' ? { Configuration: configuration } : configuration),
    );
  }
}

describe('a function in the local AWS', () => {
  let front: FrontAlone;
  let lambda: LambdaClient;
  let moto: MotoOfOneFunction;

  beforeEach(async () => {
    const [clock, functions] = [new SandboxClock(), new Functions()];
    moto = new MotoOfOneFunction(0, 'eu-west-1');
    const invoker = new Invoker({
      ...{ clock, moto, sessions: new Sessions(), zips: new UnpackedZips(), concurrency: 1 },
      connections: new KeptConnections(),
      endpoint: () => '',
    });
    front = await startFrontAlone({
      operations: lambdaOperations({ accountId: ACCOUNT, moto, functions, invoker, authorize: undefined }),
    });
    lambda = new LambdaClient(front.client());
    await lambda.send(
      new CreateFunctionCommand({
        ...{ FunctionName: 'f', Role: `arn:aws:iam::${ACCOUNT}:role/r`, Code: { ZipFile: Buffer.from('1') } },
        Runtime: 'nodejs22.x',
      }),
    );
  });
  afterEach(() => front.stop());

  const upload = (more: { Architectures?: 'arm64'[] }) =>
    lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'f', ZipFile: Buffer.from('2'), ...more }));
  const architectures = async () =>
    (await lambda.send(new GetFunctionCommand({ FunctionName: 'f' }))).Configuration?.Architectures;

  it('a function is of the architecture that its code was last uploaded for, whether or not an upload says so', async () => {
    expect(await architectures()).toEqual(['x86_64']);

    await expect(upload({ Architectures: ['arm64'] })).resolves.toMatchObject({ Architectures: ['arm64'] });
    await upload({});

    expect(await architectures()).toEqual(['arm64']);
  });

  it('a function stays of its architecture where the upload is refused', async () => {
    moto.refuses = true;
    await expect(upload({ Architectures: ['arm64'] })).rejects.toMatchObject({
      name: 'ResourceConflictException',
    });
    moto.refuses = false;

    expect(await architectures()).toEqual(['x86_64']);
  });

  it('a function cannot have a runtime whose Node.js is not here', async () => {
    await expect(
      lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'f', Runtime: 'nodejs18.x' })),
    ).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringMatching(/nodejs18\.x.*nodejs22\.x and nodejs24\.x/) as string,
    });
  });
});
