import { arnIn } from '../partitions';
import { xmlText } from '../front/answers';
import { ApiError, type OperationTable } from '../front/api-call';
import type { SandboxClock } from '../clock';
import type { EventBus } from '../eventbridge/event-bus';
import type { Moto } from '../moto/moto';

export interface AlarmStatesParts {
  readonly accountId: string;
  readonly clock: SandboxClock;
  readonly moto: Moto;
  readonly bus: EventBus;
}

/**
 * SetAlarmState, which tells EventBridge of the change, as CloudWatch does of every change. Nothing evaluates an alarm's
 * metrics here: a test compares them with what the functions emit, and then sets the state.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function alarmStates({ accountId, clock, moto, bus }: AlarmStatesParts): OperationTable {
  return {
    'monitoring:SetAlarmState': async (call) => {
      const alarmName = String(call.parameters['AlarmName']);
      const described = await moto.query('monitoring', {
        ...{ Action: 'DescribeAlarms', Version: '2010-08-01', 'AlarmNames.member.1': alarmName },
      });
      const xml = described.body.toString('utf8');
      if (xmlText(xml, 'AlarmName') !== alarmName) throw new ApiError('ResourceNotFound', alarmName, 404);
      const answer = await moto.forward(call);
      if (answer.status >= 400) return answer;
      const timestamp = clock.now().toISOString().replace('Z', '+0000');
      bus.put(call.region, {
        source: 'aws.cloudwatch',
        detailType: 'CloudWatch Alarm State Change',
        resources: [arnIn(call.region, 'cloudwatch', accountId, `alarm:${alarmName}`)],
        detail: {
          alarmName,
          configuration: { description: xmlText(xml, 'AlarmDescription') },
          previousState: { value: xmlText(xml, 'StateValue') },
          state: {
            value: String(call.parameters['StateValue']),
            reason: String(call.parameters['StateReason']),
            timestamp,
          },
        },
      });
      return answer;
    },
  };
}
