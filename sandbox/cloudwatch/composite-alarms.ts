import { queryAnswer, renderXml, type Xml } from '../front/answers';
import type { ApiAnswer, ApiCall, AuthenticatedCall, OperationTable } from '../front/api-call';
import type { Moto } from '../moto/moto';
import { arnIn } from '../partitions';
import { listParameter, tagParameter } from './query-parameters';

interface CompositeAlarm {
  readonly name: string;
  readonly arn: string;
  /** Its request, of which everything but the tags is shown again. */
  readonly request: ApiCall['parameters'];
  readonly tags: Map<string, string>;
}

/** Composite alarms, which moto 5.2.1 lacks, in the protocol that Terraform's provider speaks. Nothing evaluates them. */
export function compositeAlarms(accountId: string, moto: Moto): OperationTable {
  const alarms = new Map<string, CompositeAlarm>();
  const byArn = (call: AuthenticatedCall): CompositeAlarm | undefined =>
    [...alarms.values()].find(({ arn }) => arn === call.parameters['ResourceARN']);
  /** Those that a DescribeAlarms asks for. */
  const described = (call: AuthenticatedCall): CompositeAlarm[] => {
    const [names, types] = [listParameter(call, 'AlarmNames'), listParameter(call, 'AlarmTypes')];
    const prefix = (call.parameters['AlarmNamePrefix'] as string | undefined) ?? '';
    // Who names no type means metric alarms, whatever else there is.
    if (!types.includes('CompositeAlarm')) return [];
    return [...alarms.values()].filter(
      ({ name }) => (names.length === 0 || names.includes(name)) && name.startsWith(prefix),
    );
  };

  return {
    'monitoring:PutCompositeAlarm': (call) => {
      const name = String(call.parameters['AlarmName']);
      const arn = arnIn(call.region, 'cloudwatch', accountId, `alarm:${name}`);
      // Tags are set when an alarm is made; an update leaves them alone.
      const tags = alarms.get(name)?.tags ?? tagParameter(call);
      alarms.set(name, { name, arn, tags, request: call.parameters });
      return Promise.resolve(queryAnswer(call));
    },
    'monitoring:DescribeAlarms': async (call) => {
      const found = described(call);
      const answer = await moto.forward(call);
      return found.length === 0 ? answer : withCompositeAlarms(answer, found);
    },
    'monitoring:DeleteAlarms': (call) => {
      for (const name of listParameter(call, 'AlarmNames')) alarms.delete(name);
      return moto.forward(call);
    },
    'monitoring:ListTagsForResource': async (call) => {
      const alarm = byArn(call);
      if (!alarm) return moto.forward(call);
      const tags = [...alarm.tags].map(([key, value]): Xml => [
        'member',
        [
          ['Key', key],
          ['Value', value],
        ],
      ]);
      return queryAnswer(call, [['Tags', tags]]);
    },
    'monitoring:TagResource': async (call) => {
      const alarm = byArn(call);
      if (!alarm) return moto.forward(call);
      for (const [key, value] of tagParameter(call)) alarm.tags.set(key, value);
      return queryAnswer(call);
    },
    'monitoring:UntagResource': async (call) => {
      const alarm = byArn(call);
      if (!alarm) return moto.forward(call);
      for (const key of listParameter(call, 'TagKeys')) alarm.tags.delete(key);
      return queryAnswer(call);
    },
  };
}

function withCompositeAlarms(answer: ApiAnswer, alarms: readonly CompositeAlarm[]): ApiAnswer {
  const xml = answer.body
    .toString('utf8')
    .replace(/<CompositeAlarms\s*\/>|<CompositeAlarms>\s*<\/CompositeAlarms>/, '')
    .replace('</DescribeAlarmsResult>', `${renderXml(['CompositeAlarms', alarms.map(describeAlarm)])}$&`);
  return { ...answer, body: Buffer.from(xml) };
}

function describeAlarm({ name, arn, request }: CompositeAlarm): Xml {
  const actions = (kind: string): Xml => [
    kind,
    listParameter({ parameters: request }, kind).map((action): Xml => ['member', action]),
  ];
  const description = request['AlarmDescription'];
  return [
    'member',
    [
      ['AlarmName', name],
      ['AlarmArn', arn],
      ['AlarmRule', String(request['AlarmRule'])],
      typeof description === 'string' ? ['AlarmDescription', description] : undefined,
      ['ActionsEnabled', request['ActionsEnabled'] !== 'false'],
      actions('AlarmActions'),
      actions('OKActions'),
      actions('InsufficientDataActions'),
      ['StateValue', 'INSUFFICIENT_DATA'],
    ],
  ];
}
