import { FAULTS, type FaultKind } from '../../../../contract/faults';
import type { Milliseconds } from '../../../../contract/instant';
import type { StackConfiguration } from '../../../../modules/config/configuration';
import type { LocalAwsOptions } from '../../../../sandbox/local-aws';
import { Stage } from '../../../e2e/stack/support/stage';
import { synthesize } from '../../../modules/support/synthesize';
import { Inbox } from './inbox';
import { Watch } from './watch';

export const PREFIX = 'iam-key-rotation';

/** The subject of a message about a user, and about the stack where none is given. */
export const about = (kind: FaultKind, user?: string): string =>
  `${FAULTS[kind].title} (${user === undefined ? PREFIX : `${PREFIX}/${user}`})`;
export const over = (kind: FaultKind, user?: string): string => `Over: ${about(kind, user)}`;

/** An applied stack whose alarms are watched, and whose messages somebody gets. */
export class WatchedStage {
  private constructor(
    readonly stage: Stage,
    readonly watch: Watch,
    /** Gets all messages. */
    readonly inbox: Inbox,
    readonly topicArn: string,
  ) {}

  static async open(configuration: StackConfiguration, options: LocalAwsOptions = {}): Promise<WatchedStage> {
    const stage = await Stage.open(options);
    await stage.stack.apply(configuration);
    const { aws } = stage;
    const topicArn = `arn:aws:sns:${aws.region}:${aws.accountId}:${PREFIX}-alerts`;
    const watch = new Watch(
      aws,
      synthesize(configuration),
      ['rotate', 'retire', 'notify'].map((name) => `${PREFIX}-${name}`),
      ['retire-failed', 'notify-failed'].map((name) => `${PREFIX}-${name}`),
    );
    await watch.look();
    const inbox = await Inbox.subscribe(aws, topicArn, 'everything');
    return new WatchedStage(stage, watch, inbox, topicArn);
  }

  /** Once everybody has been told of what has happened so far. */
  async settled(): Promise<void> {
    await this.stage.aws.rotationsSettled();
    await this.stage.aws.eventsDelivered();
  }

  async rotate(user: string): Promise<readonly string[]> {
    const events = await this.stage.rotate(user);
    await this.settled();
    return events;
  }

  async sweep(): Promise<void> {
    await this.stage.sweep();
    await this.settled();
  }

  letPass(time: Milliseconds): void {
    this.stage.goTo(this.stage.now() + time);
  }

  /** Of the messages that have come since the last time, sorted. */
  async subjects(): Promise<readonly string[]> {
    return (await this.inbox.take()).map(({ subject }) => subject).sort();
  }
}
