import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';

import type { LocalAws } from '../../../../sandbox/local-aws';
import { alarmsIn, type SynthesizedAlarm } from '../../../modules/support/alarms';
import type { SynthesizedStack } from '../../../modules/support/synthesize';
import { breaches, type Datapoint, metricsLoggedIn } from '../../../support/evaluate-alarm';

/** Looks at the alarms of a stack with what its functions, Lambda and SQS have counted since the last look. */
export class Watch {
  readonly #alarms: ReadonlyMap<string, SynthesizedAlarm>;
  readonly #logged = new Map<string, number>();
  readonly #failed = new Map<string, number>();
  readonly #throttled = new Map<string, number>();

  constructor(
    private readonly aws: LocalAws,
    stack: SynthesizedStack,
    private readonly functions: readonly string[],
    private readonly queues: readonly string[],
  ) {
    this.#alarms = new Map(alarmsIn(stack).map((alarm) => [alarm.name, alarm]));
  }

  /** The alarms that what has happened since the last look breaches, by what their names end in. */
  async look(): Promise<readonly string[]> {
    const datapoints = [...this.functions.flatMap((name) => this.#ofFunction(name))];
    for (const queue of this.queues) datapoints.push(await this.#ofQueue(queue));
    return [...this.#alarms.values()]
      .filter((alarm) => breaches(alarm, datapoints))
      .map(({ name }) => name.replace(/^[^/]+\//, ''));
  }

  /** What CloudWatch does once it has seen it. */
  async setState(alarm: string, value: 'ALARM' | 'OK'): Promise<void> {
    await new CloudWatchClient(this.aws.clientConfig()).send(
      new SetAlarmStateCommand({
        AlarmName: `iam-key-rotation/${alarm}`,
        StateValue: value,
        StateReason: 'Threshold Crossed',
      }),
    );
    await this.aws.eventsDelivered();
  }

  #ofFunction(functionName: string): readonly Datapoint[] {
    const log = this.aws.functionLogs(functionName);
    const errors = this.aws.functionErrors(functionName);
    const throttles = this.aws.functionThrottles(functionName);
    const before = {
      logged: this.#logged.get(functionName) ?? 0,
      failed: this.#failed.get(functionName) ?? 0,
      throttled: this.#throttled.get(functionName) ?? 0,
    };
    this.#logged.set(functionName, log.length);
    this.#failed.set(functionName, errors);
    this.#throttled.set(functionName, throttles);
    const counted = (name: string, value: number): Datapoint => ({
      ...{ namespace: 'AWS/Lambda', name, value },
      dimensions: { FunctionName: functionName },
    });
    const wasInvoked = log.length > before.logged;
    return [
      ...metricsLoggedIn(log.slice(before.logged)),
      ...(wasInvoked ? [counted('Errors', errors - before.failed)] : []),
      ...(throttles > before.throttled ? [counted('Throttles', throttles - before.throttled)] : []),
    ];
  }

  async #ofQueue(queueName: string): Promise<Datapoint> {
    const sqs = new SQSClient(this.aws.clientConfig());
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
    return {
      ...{ namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible' },
      dimensions: { QueueName: queueName },
      value: Number(Attributes!.ApproximateNumberOfMessages),
    };
  }
}
