import { jsonAnswer } from '../front/answers';
import type { ApiAnswer, ApiCall, OperationTable } from '../front/api-call';
import { shownPolicy, storedPolicy, type StoredPolicy } from '../iam/policy-principals';
import type { Moto } from '../moto/moto';

/**
 * What moto leaves out of key policies: their principals have to exist, and one that is deleted later is shown by its unique
 * id.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 */
export function keyPolicyOperations(accountId: string, moto: Moto): OperationTable {
  /** By region and key id. */
  const policies = new Map<string, StoredPolicy>();

  const putting = async (
    call: ApiCall,
    keyOf: (answer: ApiAnswer) => Promise<string>,
  ): Promise<ApiAnswer> => {
    const text = call.parameters['Policy'] as string | undefined;
    if (text === undefined) return moto.forward(call);
    const refusal = 'Policy contains a statement with one or more invalid principals.';
    const policy = await storedPolicy(moto, accountId, text, refusal);
    const answer = await moto.forward(call);
    if (answer.status === 200) policies.set(`${call.region} ${await keyOf(answer)}`, policy);
    return answer;
  };
  /** A key can be named by its id, its ARN or an alias. */
  const namedIn = async ({ parameters, region }: ApiCall): Promise<string> =>
    keyIdIn(await moto.json('kms', 'TrentService.DescribeKey', { KeyId: parameters['KeyId'] }, region));

  return {
    'kms:CreateKey': (call) => putting(call, (answer) => Promise.resolve(keyIdIn(answer))),
    'kms:PutKeyPolicy': (call) => putting(call, () => namedIn(call)),
    'kms:GetKeyPolicy': async (call) => {
      const answer = await moto.forward(call);
      if (answer.status !== 200) return answer;
      const policy = policies.get(`${call.region} ${await namedIn(call)}`);
      if (policy === undefined) return answer;
      return jsonAnswer({ Policy: await shownPolicy(moto, policy), PolicyName: 'default' });
    },
  };
}

const keyIdIn = ({ body }: ApiAnswer): string =>
  (JSON.parse(body.toString('utf8')) as { KeyMetadata: { KeyId: string } }).KeyMetadata.KeyId;
