import type { Reporter } from '../../handlers/core/notifications/fault-report';
import type { FaultId, NotificationLog } from '../../handlers/core/notifications/notification-ports';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 15, 12);
const NEVER = 0;

/** One fault, as several events report it. Moments are minutes after noon. */
class Fault {
  private readonly id: FaultId;

  constructor(
    private readonly log: NotificationLog,
    user: string,
  ) {
    this.id = { kind: 'rotationFailed', user };
  }

  begins(
    claimedBy: string,
    at: number,
    options: { reporter?: Reporter; since?: number; retellBefore?: number } = {},
  ): Promise<boolean> {
    const { reporter = 'product', since, retellBefore } = options;
    return this.log.claim(this.id, {
      ...claimant(claimedBy, at),
      ...{ reporter, at: moment(at), since: since === undefined ? undefined : moment(since) },
      retellBefore: retellBefore === undefined ? NEVER : moment(retellBefore),
    });
  }

  isTold(claimedBy: string, at: number): Promise<void> {
    return this.log.told(this.id, claimedBy, moment(at));
  }

  /** When it was over, which nobody was told yet. */
  async untoldEnd(): Promise<number | undefined> {
    const endedAt = (await this.log.read(this.id))?.endedAt;
    return endedAt === undefined ? undefined : (endedAt - START) / MINUTE;
  }

  ends(claimedBy: string, at: number, now = at): Promise<boolean> {
    return this.log.claimEnd(this.id, { ...claimant(claimedBy, now), at: moment(at) });
  }

  endIsNoted(at: number, reporter: Reporter = 'product'): Promise<boolean> {
    return this.log.noteEnd(this.id, { reporter, at: moment(at) });
  }

  isForgotten(claimedBy: string): Promise<void> {
    return this.log.forget(this.id, claimedBy);
  }

  isReleased(claimedBy: string): Promise<void> {
    return this.log.release(this.id, claimedBy);
  }

  async isKnown(): Promise<boolean> {
    return (await this.log.read(this.id)) !== undefined;
  }
}

const moment = (minutes: number): number => START + minutes * MINUTE;
const claimant = (claimedBy: string, at: number) => ({
  ...{ claimedBy, claimedAt: moment(at), freeBefore: moment(at - 10) },
});

/** What whoever remembers what people were told does, moment by moment. */
export function holdNotificationLog(open: () => Promise<NotificationLog>): void {
  let log: NotificationLog;
  let users = 0;
  beforeAll(async () => {
    log = await open();
  });
  const aFault = (): Fault => {
    users += 1;
    return new Fault(log, `user-${users}`);
  };
  const toldFault = async (): Promise<Fault> => {
    const fault = aFault();
    await fault.begins('a', 0);
    await fault.isTold('a', 0);
    return fault;
  };

  describe('a fault that nobody was told of yet', () => {
    it('is told by the first event, which may try again, and by no other', async () => {
      const fault = aFault();
      expect(await fault.begins('a', 0)).toBe(true);
      expect(await fault.begins('b', 1)).toBe(false);
      expect(await fault.begins('a', 2)).toBe(true);
      expect(await fault.isKnown()).toBe(false);
    });

    it('is told by another once the first came to nothing, or gave it back', async () => {
      const fault = aFault();
      await fault.begins('a', 0);
      expect(await fault.begins('b', 11)).toBe(true);
      await fault.isReleased('a');
      expect(await fault.begins('c', 12)).toBe(false);
      await fault.isReleased('b');
      expect(await fault.begins('c', 12)).toBe(true);
    });

    it('has its end told by whoever tells it', async () => {
      const fault = aFault();
      await fault.begins('a', 0);
      expect(await fault.endIsNoted(1)).toBe(true);
      await fault.isTold('a', 2);
      expect(await fault.untoldEnd()).toBe(1);
      expect(await fault.ends('a', 1, 2)).toBe(true);
      await fault.isForgotten('a');
      expect(await fault.isKnown()).toBe(false);
      expect(await fault.begins('b', 3)).toBe(true);
    });

    it('has its end told also if it was only told by a second try', async () => {
      const fault = aFault();
      await fault.begins('a', 0);
      await fault.isReleased('a');
      await fault.endIsNoted(1);
      expect(await fault.begins('a', 0)).toBe(true);
      await fault.isTold('a', 2);
      expect(await fault.untoldEnd()).toBe(1);
    });

    it('is over for no alarm that others have reported, and by no end before it', async () => {
      const fault = aFault();
      await fault.begins('a', 5);
      expect(await fault.endIsNoted(6, 'alarm')).toBe(false);
      expect(await fault.endIsNoted(4)).toBe(false);
      await fault.isTold('a', 6);
      expect(await fault.untoldEnd()).toBeUndefined();
    });

    it('gives way to the next one, if that began after the end', async () => {
      const fault = aFault();
      await fault.begins('a', 0);
      await fault.endIsNoted(1);
      expect(await fault.begins('b', 2)).toBe(true);
      await fault.isTold('a', 2);
      expect(await fault.isKnown()).toBe(false);
      await fault.isTold('b', 3);
      expect(await fault.untoldEnd()).toBeUndefined();
      expect(await fault.begins('c', 4)).toBe(false);
    });
  });

  describe('a fault that was told', () => {
    it('is not told again, until that is long ago', async () => {
      const fault = await toldFault();
      expect(await fault.begins('a', 1)).toBe(false);
      expect(await fault.begins('b', 60, { retellBefore: 0 })).toBe(false);
      expect(await fault.begins('b', 60, { retellBefore: 1 })).toBe(true);
    });

    it('gives way to the next one, where the reporter knows that it is another', async () => {
      const fault = aFault();
      await fault.begins('a', 0, { since: -5 });
      await fault.isTold('a', 0);
      expect(await fault.begins('b', 9, { since: -5 })).toBe(false);
      expect(await fault.begins('b', 9, { since: 8 })).toBe(true);
    });

    it('has no end noted, since that is told', async () => {
      const fault = await toldFault();
      expect(await fault.endIsNoted(1)).toBe(false);
    });

    it('is known until the message of its end went out, which one event sends', async () => {
      const fault = await toldFault();
      expect(await fault.ends('b', 5)).toBe(true);
      expect(await fault.ends('c', 5)).toBe(false);
      expect(await fault.ends('b', 5, 6)).toBe(true);
      expect(await fault.isKnown()).toBe(true);
      await fault.isForgotten('c');
      expect(await fault.isKnown()).toBe(true);
      await fault.isForgotten('b');
      expect(await fault.isKnown()).toBe(false);
    });

    it('gives way to one that begins while the message of its end is on its way, and is not forgotten with it', async () => {
      const fault = await toldFault();
      await fault.ends('b', 5);
      expect(await fault.begins('c', 4)).toBe(false);
      expect(await fault.begins('c', 6)).toBe(true);
      await fault.isForgotten('b');
      await fault.isTold('c', 6);
      expect(await fault.isKnown()).toBe(true);
      expect(await fault.begins('d', 7)).toBe(false);
    });

    it('is not over by an end that was reported before it began anew', async () => {
      const fault = await toldFault();
      await fault.ends('b', 5);
      await fault.isReleased('b');
      await fault.begins('c', 6);
      await fault.isTold('c', 6);
      expect(await fault.ends('b', 5, 7)).toBe(false);
      expect(await fault.ends('d', 8)).toBe(true);
    });

    it('gives way to the next one also if nobody could ever send the message of its end', async () => {
      const fault = await toldFault();
      await fault.ends('b', 5);
      expect(await fault.begins('c', 30)).toBe(true);
    });
  });
}
