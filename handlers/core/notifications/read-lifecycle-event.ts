import { eventDetailSchemas } from '../../../contract/lifecycle-event';
import type { FaultReport } from './fault-report';

type Detail = Readonly<Record<string, unknown>>;

/** The schemas without their strictness: a field that is new since then is no reason to tell nobody. */
const promoted = eventDetailSchemas['Key Promoted'].strip();
const failed = eventDetailSchemas['Rotation Failed'].strip();
const began = eventDetailSchemas['Finding Began'].strip();
const ended = eventDetailSchemas['Finding Ended'].strip();

/** What the product's own events say. Most of them are no fault. */
export function readLifecycleEvent(detailType: string, detail: Detail): readonly FaultReport[] {
  const reporter = 'product';
  switch (detailType) {
    case 'Rotation Failed': {
      const { user, at, step, reason } = failed.parse(detail);
      const what = `Its step ${step} failed. ${reason}`;
      return [{ phase: 'began', kind: 'rotationFailed', user, reporter, at: Date.parse(at), what }];
    }
    // A rotation that succeeds ends whatever was the matter with the tries before it.
    case 'Key Promoted': {
      const { user, at, keyIdSuffix } = promoted.parse(detail);
      const what = `A new key, ...${keyIdSuffix}, was proved to work and is the current one.`;
      return (['rotationFailed', 'rotationAbandoned'] as const).map((kind) => ({
        ...{ phase: 'ended', kind, user, reporter, at: Date.parse(at), what },
      }));
    }
    case 'Finding Began': {
      const { kind, user, keyIdSuffix, at, since, what } = began.parse(detail);
      const moments = { at: Date.parse(at), since: Date.parse(since) };
      return [{ phase: 'began', kind, user, ...ofKey(keyIdSuffix), reporter, ...moments, what }];
    }
    case 'Finding Ended': {
      const { kind, user, keyIdSuffix, at, what } = ended.parse(detail);
      return [{ phase: 'ended', kind, user, ...ofKey(keyIdSuffix), reporter, at: Date.parse(at), what }];
    }
    default:
      return [];
  }
}

const ofKey = (keyIdSuffix: string | undefined): Pick<FaultReport, 'keyIdSuffix'> =>
  keyIdSuffix === undefined ? {} : { keyIdSuffix };
