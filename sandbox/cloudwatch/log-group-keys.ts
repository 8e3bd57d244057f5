import { jsonAnswer } from '../front/answers';
import type { AuthenticatedCall, OperationTable } from '../front/api-call';
import type { Moto } from '../moto/moto';

interface LogGroup {
  readonly logGroupName: string;
  kmsKeyId?: string | undefined;
}

/** Which keys encrypt log groups. moto 5.2.1 knows the one that a group is made with, and no change of it. */
export function logGroupKeyOperations(moto: Moto): OperationTable {
  /** By region and group, what a change made of it; undefined: no customer key any more. */
  const changed = new Map<string, string | undefined>();
  const keyOf = ({ region }: AuthenticatedCall, name: unknown): string => `${region} ${String(name)}`;
  const change = (call: AuthenticatedCall, key: string | undefined) => {
    changed.set(keyOf(call, call.parameters['logGroupName']), key);
    return Promise.resolve(jsonAnswer({}));
  };

  return {
    'logs:AssociateKmsKey': (call) => change(call, String(call.parameters['kmsKeyId'])),
    'logs:DisassociateKmsKey': (call) => change(call, undefined),
    'logs:DeleteLogGroup': (call) => {
      changed.delete(keyOf(call, call.parameters['logGroupName']));
      return moto.forward(call);
    },
    'logs:DescribeLogGroups': async (call) => {
      const answer = await moto.forward(call);
      if (answer.status !== 200) return answer;
      const body = JSON.parse(answer.body.toString('utf8')) as { logGroups: LogGroup[] };
      for (const group of body.logGroups) {
        const key = keyOf(call, group.logGroupName);
        if (changed.has(key)) group.kmsKeyId = changed.get(key);
      }
      return { ...answer, body: Buffer.from(JSON.stringify(body)) };
    },
  };
}
