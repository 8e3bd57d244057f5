import * as z from 'zod/mini';

import { eventDetailSchemas } from '../../../contract/lifecycle-event';
import { STABLE_KEY } from '../../../contract/stable-key';
import type { DetailType } from '../../../contract/telemetry-names';
import type { FaultReport } from './fault-report';
import { quoted } from './quoted';
import { tellAnswer } from './tell-leak';
import { IN_ENGLISH } from '../../../contract/schema-parts';

type Detail = Readonly<Record<string, unknown>>;

/** Whoever may put events writes what it likes into them. */
const user = eventDetailSchemas['Finding Began'].shape.user.check(z.regex(STABLE_KEY));

const promoted = z.extend(eventDetailSchemas['Key Promoted'], { user });
const failed = z.extend(eventDetailSchemas['Rotation Failed'], { user });
const leftBehind = z.extend(eventDetailSchemas['Keys Left Behind'], { user });
const leaked = z.extend(eventDetailSchemas['Leak Reported'], { user: z.optional(user) });
const began = z.extend(eventDetailSchemas['Finding Began'], { user });
const ended = z.extend(eventDetailSchemas['Finding Ended'], { user });

/**
 * What the product's own events say. Most of them are no fault. They are no more than hints, because not only the product
 * may put events of its source: see `asTheTableSays`.
 */
export function readLifecycleEvent(detailType: DetailType, detail: Detail): readonly FaultReport[] {
  const reporter = 'product';
  switch (detailType) {
    case 'Rotation Failed': {
      const { user, at, step, reason } = failed.parse(detail, IN_ENGLISH);
      const what = `Its step ${step} failed. It says: ${quoted(reason)}`;
      return [{ phase: 'began', kind: 'rotationFailed', user, reporter, at: Date.parse(at), what }];
    }
    // A rotation that succeeds ends whatever was the matter with the tries before it.
    case 'Key Promoted': {
      const { user, at, keyIdSuffix } = promoted.parse(detail, IN_ENGLISH);
      const what = `A new key, ...${keyIdSuffix}, was proved to work and is the current one.`;
      return (['rotationFailed', 'rotationAbandoned'] as const).map((kind) => ({
        ...{ phase: 'ended', kind, user, promoted: keyIdSuffix, reporter, at: Date.parse(at), what },
      }));
    }
    case 'Keys Left Behind': {
      const { user, at, reason } = leftBehind.parse(detail, IN_ENGLISH);
      const moments = { at: Date.parse(at), since: Date.parse(at) };
      return [
        {
          phase: 'began',
          kind: 'keysLeftBehind',
          user,
          reporter,
          ...moments,
          what: `It says: ${quoted(reason)}`,
        },
      ];
    }
    case 'Leak Reported':
      return [tellAnswer(leaked.parse(detail, IN_ENGLISH))];
    case 'Finding Began': {
      const { kind, user, keyIdSuffix, at, since, what } = began.parse(detail, IN_ENGLISH);
      const moments = { at: Date.parse(at), since: Date.parse(since) };
      const said = `An event says: ${quoted(what)}`;
      return [{ phase: 'began', kind, user, ...ofKey(keyIdSuffix), reporter, ...moments, what: said }];
    }
    case 'Finding Ended': {
      const { kind, user, keyIdSuffix, at, drill } = ended.parse(detail, IN_ENGLISH);
      const what = 'The retirement function does not find it any more.';
      return [
        { phase: 'ended', kind, user, ...ofKey(keyIdSuffix), drill, reporter, at: Date.parse(at), what },
      ];
    }
    default:
      return [];
  }
}

const ofKey = (keyIdSuffix: string | undefined): Pick<FaultReport, 'keyIdSuffix'> =>
  keyIdSuffix === undefined ? {} : { keyIdSuffix };
