import { DAY, HOUR, MINUTE, SECOND } from '../../contract/instant';
import { CALM } from '../support/in-memory-aws/weather';
import type { LeakOf } from './actors/responder';
import type { History } from './history';

const USUAL = {
  overlap: 24 * HOUR,
  gracePeriod: 7 * DAY,
  whenStillInUse: 'retire',
  takeOver: false,
  impostor: false,
  weather: CALM,
  ends: 'everyone finishes',
} as const;

const rotation = { move: 'start', actor: 'rotation', retries: 0, pause: 1 * SECOND, tidies: false } as const;
const sweep = { move: 'start', actor: 'sweep' } as const;
const firstKey = { move: 'start', actor: 'firstKey' } as const;
const delivery = { move: 'start', actor: 'delivery' } as const;
const leak = (of: LeakOf) => ({ move: 'start', actor: 'leak', of }) as const;
const rollBack = { move: 'start', actor: 'rollBack' } as const;
const waitForOverlap = { move: 'wait', for: 25 * HOUR } as const;
const toTheEnd = { move: 'run', who: 0, calls: 10_000 } as const;
/** Up to the write of the first target, which gets no answer, and to the end. */
const unansweredDelivery = (then: 'unansweredDone' | 'unansweredUndone') =>
  [delivery, { move: 'run', who: 0, calls: 9, then }, toTheEnd] as const;
const aKeyThatATargetHoldsWithoutARecord = [
  ...[delivery, toTheEnd, rotation, toTheEnd],
  ...unansweredDelivery('unansweredDone'),
  ...[rollBack, toTheEnd, { move: 'wait', for: 3 * MINUTE }],
] as const;

/** Each is run in so many weathers, because a lag is only sometimes in the way. */
export const WEATHER_SEEDS = 50;

/** Histories that broke a rule once, or break one where a line that keeps the keys safe is missing; each as small as it could be made. Each says what went wrong then. */
export const FOUND: Readonly<Record<string, History>> = {
  'a person deletes the secret while a rotation under way is about to be abandoned': {
    ...USUAL,
    begins: 'first key',
    moves: [
      { ...rotation, retries: 1 },
      { move: 'run', who: 0, calls: 11 },
      { move: 'person', does: { act: 'cancelRotation' } },
      { move: 'person', does: { act: 'deleteSecret' } },
    ],
  },
  'a rotation dies before CreateAccessKey, a person makes a key, and an operator rolls back': {
    ...USUAL,
    begins: 'first key',
    moves: [
      rotation,
      { move: 'run', who: 0, calls: 99, before: 'CreateAccessKey', then: 'crashBefore' },
      { move: 'person', does: { act: 'createKey' } },
      rollBack,
    ],
  },
  'the user is made anew, and its name has another id when a rotation proves its key': {
    ...USUAL,
    begins: 'rotated once',
    moves: [{ move: 'person', does: { act: 'remakeUser' } }, rotation],
  },
  'createSecret is called once more, an hour after the promotion was announced': {
    ...USUAL,
    begins: 'first key',
    overlap: 1 * HOUR,
    moves: [
      rotation,
      { move: 'run', who: 0, calls: 13 },
      { move: 'wait', for: 1 * HOUR },
      { move: 'start', actor: 'duplicate', step: 'createSecret', of: 'AWSPENDING' },
    ],
  },
  'a rollback dies while it re-activates the key, and Terraform asks for the first key': {
    ...USUAL,
    begins: 'rotated once',
    overlap: 0,
    moves: [rollBack, { move: 'run', who: 0, calls: 7, then: 'crashBefore' }, firstKey],
  },
  'a person deletes the current key, and moves AWSCURRENT back while a rotation proves its key': {
    ...USUAL,
    begins: 'rotated once',
    moves: [
      { move: 'person', does: { act: 'deleteKey', key: 1 } },
      ...[rotation, { move: 'run', who: 0, calls: 99, before: 'GetCallerIdentity' } as const],
      ...[{ move: 'person', does: { act: 'moveCurrentBack' } } as const, toTheEnd],
    ],
  },
  'targets hold a key that was never delivered, and a rotation without an overlap replaces it': {
    ...USUAL,
    begins: 'rotated once',
    overlap: 0,
    delivers: true,
    moves: [{ move: 'wait', for: 1 * SECOND }],
  },
  'a service is restarted some time after the parameter was written, and the overlap is short': {
    ...USUAL,
    begins: 'rotated once',
    overlap: 1 * HOUR,
    delivers: true,
    restarts: true,
    moves: [],
  },
  'the copy of the secret follows no more when the grace period of a retired key is over': {
    ...USUAL,
    begins: 'rotated once',
    copies: true,
    moves: [
      ...[waitForOverlap, sweep, toTheEnd],
      { move: 'person', does: { act: 'breakCopy', status: 'InProgress' } },
      ...[{ move: 'wait', for: 8 * DAY } as const, sweep, toTheEnd],
    ],
  },
  'a person makes a key beside the current one, and the sweep comes by': {
    ...USUAL,
    begins: 'first key',
    moves: [
      { move: 'person', does: { act: 'createKey' } },
      ...[{ move: 'wait', for: 2 * DAY } as const, sweep, toTheEnd],
      ...[{ move: 'wait', for: 2 * DAY } as const, sweep, toTheEnd],
    ],
  },
  'the user is renamed, and Terraform applied again, while its first key is being proved': {
    ...USUAL,
    begins: 'new user',
    moves: [
      ...[firstKey, { move: 'run', who: 0, calls: 10 } as const],
      ...[{ move: 'person', does: { act: 'renameUser', nameIsUsedAgain: false } } as const, firstKey],
      { move: 'person', does: { act: 'createKey' } },
    ],
  },
  'a person makes and uses a key in the second in which a first key dies, and AWS does not show the use': {
    ...USUAL,
    begins: 'a key of another person',
    weather: { ...CALM, listing: 5 * SECOND, lastUsed: 4 * HOUR },
    moves: [
      { move: 'person', does: { act: 'useKey', key: 0 } },
      ...[firstKey, sweep, { move: 'run', who: 3, calls: 12, then: 'crashBefore' } as const],
      ...[rotation, { move: 'wait', for: 61 * SECOND } as const],
    ],
  },
  'finishSecret dies after it moved the label, a person deletes the key and moves the label back': {
    ...USUAL,
    begins: 'first key',
    weather: { ...CALM, newKey: 30 * SECOND },
    moves: [
      ...[
        rotation,
        {
          move: 'run',
          who: 0,
          calls: 99,
          before: 'UpdateSecretVersionStage AWSCURRENT',
          then: 'crashAfter',
        } as const,
      ],
      ...[{ move: 'person', does: { act: 'deleteKey', key: 1 } } as const, delivery],
    ],
  },
  'an operator rolls back while Secrets Manager does not show the new AWSPENDING in each answer': {
    ...USUAL,
    begins: 'first key',
    weather: { ...CALM, secret: 5 * SECOND },
    moves: [
      rollBack,
      rotation,
      { move: 'run', who: 1, calls: 99, before: 'UpdateItem give lease', then: 'crashAfter' },
    ],
  },
  'a person activates a retired key again, and the sweep comes by': {
    ...USUAL,
    begins: 'rotated once',
    moves: [
      ...[waitForOverlap, sweep, toTheEnd],
      ...[{ move: 'person', does: { act: 'activateKey', key: 0 } } as const, sweep, toTheEnd],
    ],
  },
  'AWS reports a key of the user that a person made': {
    ...USUAL,
    begins: 'first key',
    moves: [{ move: 'person', does: { act: 'createKey' } }, leak('other'), toTheEnd],
  },
  'AWS reports the current key, and the other slot holds a key that a person made': {
    ...USUAL,
    begins: 'first key',
    moves: [{ move: 'person', does: { act: 'createKey' } }, leak('current'), toTheEnd],
  },
  'AWS reports the current key beside a retired one': {
    ...USUAL,
    begins: 'rotated once',
    moves: [waitForOverlap, sweep, toTheEnd, leak('current'), toTheEnd],
  },
  'AWS reports the current key, and a slot is free': {
    ...USUAL,
    begins: 'first key',
    moves: [leak('current'), toTheEnd],
  },
  'AWS reports the user alone, and the first try dies when it has noted what may have leaked': {
    ...USUAL,
    begins: 'first key',
    moves: [
      { move: 'wait', for: 3 * MINUTE },
      leak('user'),
      { move: 'run', who: 0, calls: 4, then: 'crashBefore' },
      toTheEnd,
    ],
  },
  'AWS reports the current key, everything is done, and 10 minutes later AWS reports the user alone': {
    ...USUAL,
    begins: 'first key',
    moves: [
      ...[leak('current'), toTheEnd, sweep, toTheEnd],
      ...[{ move: 'wait', for: 10 * MINUTE } as const, leak('user'), toTheEnd],
    ],
  },
  'AWS reports the current key beside one that a person deactivated': {
    ...USUAL,
    begins: 'rotated once',
    moves: [{ move: 'person', does: { act: 'deactivateKey', key: 0 } }, leak('current'), toTheEnd],
  },
  'AWS reports the previous key': { ...USUAL, begins: 'rotated once', moves: [leak('other'), toTheEnd] },
  'restart of a service whose parameter refuses the key': {
    ...USUAL,
    begins: 'first key',
    delivers: true,
    restarts: true,
    moves: [
      ...[delivery, toTheEnd, rotation, toTheEnd],
      { move: 'person', does: { act: 'breakTarget', target: 1, how: 'accessDenied' } },
      ...[delivery, toTheEnd],
      { move: 'person', does: { act: 'mendTargets' } },
      ...[delivery, toTheEnd, waitForOverlap, sweep],
    ],
  },
  'the new tasks of a service do not come up': {
    ...USUAL,
    begins: 'first key',
    restarts: true,
    moves: [
      ...[delivery, toTheEnd, rotation, toTheEnd],
      { move: 'person', does: { act: 'breakTarget', target: 0, how: 'notFound' } },
      ...[
        delivery,
        toTheEnd,
        { move: 'wait', for: 1 * HOUR } as const,
        delivery,
        toTheEnd,
        waitForOverlap,
        sweep,
      ],
    ],
  },
  'nobody says that the consumers work with the current key': {
    ...USUAL,
    begins: 'rotated once',
    acknowledgedBy: 'command',
    moves: [waitForOverlap, sweep, toTheEnd],
  },
  'somebody says that the consumers work with the key before': {
    ...USUAL,
    begins: 'rotated once',
    acknowledgedBy: 'command',
    moves: [{ move: 'person', does: { act: 'acknowledge', key: 0 } }, waitForOverlap, sweep, toTheEnd],
  },
  'the consumers use the current key where a word is waited for': {
    ...USUAL,
    begins: 'rotated once',
    acknowledgedBy: 'command',
    moves: [{ move: 'person', does: { act: 'useKey', key: 1 } }, waitForOverlap, sweep, toTheEnd],
  },
  'only the proofs of the product use the current key': {
    ...USUAL,
    begins: 'rotated once',
    acknowledgedBy: 'use',
    moves: [{ move: 'start', actor: 'testOnly' }, toTheEnd, waitForOverlap, sweep, toTheEnd],
  },
  'a rotation with an overlap of 0 waits for a word': {
    ...USUAL,
    begins: 'first key',
    overlap: 0,
    acknowledgedBy: 'command',
    moves: [rotation, toTheEnd],
  },
  'a service is restarted, and a roll back dies before its end': {
    ...USUAL,
    begins: 'rotated once',
    restarts: true,
    moves: [delivery, toTheEnd, rollBack, { move: 'run', who: 0, calls: 8, then: 'crashBefore' }, delivery],
  },
  'a restart gets no answer, and then a roll back': {
    ...USUAL,
    begins: 'first key',
    restarts: true,
    moves: [
      ...[delivery, toTheEnd, rotation, toTheEnd],
      ...[delivery, { move: 'run', who: 0, calls: 20, then: 'unansweredThenPerformed' } as const],
      ...[rollBack, toTheEnd, toTheEnd, waitForOverlap, sweep],
    ],
  },
  'a service is deployed by hand between a promotion and a roll back': {
    ...USUAL,
    begins: 'first key',
    restarts: true,
    moves: [
      ...[delivery, toTheEnd, rotation, toTheEnd],
      { move: 'person', does: { act: 'fillTarget', target: 0 } },
      ...[{ move: 'wait', for: 3 * MINUTE } as const, rollBack, toTheEnd, waitForOverlap, sweep],
    ],
  },
  'a target holds a key for certain, and nobody knows whether it got the next one': {
    ...USUAL,
    begins: 'first key',
    delivers: true,
    moves: [
      ...[delivery, toTheEnd, rotation, toTheEnd],
      ...unansweredDelivery('unansweredUndone'),
      ...[waitForOverlap, sweep],
    ],
  },
  'a target is written late, when AWSCURRENT went back and the key before was delivered again': {
    ...USUAL,
    begins: 'first key',
    delivers: true,
    moves: [
      ...[delivery, toTheEnd, rotation, toTheEnd],
      ...[delivery, { move: 'run', who: 0, calls: 9, then: 'unansweredThenPerformed' } as const, toTheEnd],
      ...[rollBack, toTheEnd, delivery, toTheEnd],
    ],
  },
  'a target holds a key without an answer, and the next delivery, of another key, gets none either': {
    ...USUAL,
    begins: 'first key',
    delivers: true,
    moves: [
      ...aKeyThatATargetHoldsWithoutARecord,
      ...unansweredDelivery('unansweredUndone'),
      ...[waitForOverlap, sweep],
    ],
  },
  'a target holds a key without an answer, and refuses the next one': {
    ...USUAL,
    begins: 'first key',
    delivers: true,
    moves: [
      ...aKeyThatATargetHoldsWithoutARecord,
      { move: 'person', does: { act: 'breakTarget', target: 0, how: 'accessDenied' } },
      ...[delivery, toTheEnd, waitForOverlap, sweep],
    ],
  },
  'a delivery stops after it has read the key, which is replaced and deactivated before it is announced': {
    ...USUAL,
    begins: 'first key',
    overlap: 0,
    delivers: true,
    moves: [
      ...[delivery, toTheEnd],
      ...[{ move: 'start', actor: 'emergency', key: 0, giveWay: false } as const, toTheEnd],
      ...[delivery, { move: 'run', who: 0, calls: 6 } as const],
      ...[rotation, { move: 'run', who: 1, calls: 10_000 } as const],
      toTheEnd,
    ],
  },
  'a person deletes the previous key, and no rotation can begin any more': {
    ...USUAL,
    begins: 'rotated once',
    moves: [
      { move: 'wait', for: 25 * HOUR },
      { move: 'person', does: { act: 'deleteKey', key: 0 } },
    ],
  },
  'GetSecretValue forgets the value that it has shown a moment before, and a second attempt is announced': {
    ...USUAL,
    begins: 'first key',
    weather: { ...CALM, listing: 55 * SECOND, secret: 5 * SECOND },
    moves: [
      { ...rotation, retries: 1, pause: 3 * HOUR },
      { move: 'run', who: 0, calls: 8 },
      { move: 'run', who: 0, calls: 8, then: 'crashBefore' },
      sweep,
      rotation,
    ],
  },
  'DescribeSecret still shows the label where it was, a sweep takes that for a person, and deactivates the served key':
    {
      ...USUAL,
      begins: 'first key',
      overlap: 0,
      weather: { ...CALM, secret: 5 * SECOND },
      moves: [rotation, sweep],
    },
  'a sweep right after a roll back still sees the label where it was, and deactivates the served key': {
    ...USUAL,
    begins: 'rotated once',
    overlap: 0,
    weather: { ...CALM, secret: 5 * SECOND, newKey: 8 * SECOND },
    moves: [{ move: 'start', actor: 'rollBack' }, sweep],
  },
  'an emergency right after a roll back still sees the label where it was, and deactivates the served key': {
    ...USUAL,
    begins: 'rotated once',
    weather: { ...CALM, secret: 5 * SECOND },
    moves: [
      { ...rotation, retries: 1 },
      { move: 'start', actor: 'duplicate', step: 'createSecret', of: 'AWSPENDING' },
      { move: 'run', who: 0, calls: 3 },
      { move: 'start', actor: 'rollBack' },
      { move: 'start', actor: 'emergency', key: 0, giveWay: false },
    ],
  },
  'a person promotes a copy of the pending value and moves back, and the key that was current for a while is reaped':
    {
      ...USUAL,
      begins: 'first key',
      moves: [
        rotation,
        { move: 'run', who: 0, calls: 11 },
        { move: 'person', does: { act: 'storeCopy', of: 'AWSPENDING', as: 'AWSCURRENT' } },
        { move: 'person', does: { act: 'moveCurrentBack' } },
      ],
    },
  'a roll back dies before it does anything, and the key that a person had re-activated is retired again': {
    ...USUAL,
    begins: 'rotated once',
    overlap: 0,
    moves: [
      { move: 'person', does: { act: 'activateKey', key: 0 } },
      { move: 'start', actor: 'rollBack' },
      { move: 'run', who: 0, calls: 5, then: 'crashBefore' },
      { move: 'wait', for: 10 * MINUTE },
    ],
  },
  'the key that a person served by hand is taken for an orphan of a first key that died': {
    ...USUAL,
    begins: 'a key of another person',
    weather: { ...CALM, listing: 55 * SECOND, secret: 5 * SECOND },
    moves: [
      { move: 'person', does: { act: 'storeOwnKey', key: 0 } },
      firstKey,
      { move: 'run', who: 0, calls: 8, then: 'crashAfter' },
    ],
  },
  'an emergency takes AWSPENDING off a rotation that has stored its key, and still sees it there': {
    ...USUAL,
    begins: 'first key',
    weather: { ...CALM, secret: 5 * SECOND },
    moves: [
      { ...rotation, retries: 2, pause: 30 * SECOND },
      { move: 'run', who: 0, calls: 0, then: 'crashBefore' },
      { move: 'run', who: 0, calls: 1, then: 'crashBefore' },
      { move: 'run', who: 0, calls: 13, then: 'crashBefore' },
      { move: 'start', actor: 'emergency', key: 0, giveWay: true },
      sweep,
    ],
  },
  'AWS performs a deletion when the lease is over, and a roll back serves that very key': {
    ...USUAL,
    begins: 'rotated once',
    overlap: 0,
    moves: [
      { move: 'wait', for: 8 * DAY },
      sweep,
      { move: 'run', who: 0, calls: 8 },
      { move: 'wait', for: 31 * SECOND },
      { move: 'run', who: 0, calls: 2, then: 'crashThenPerformed' },
      { move: 'start', actor: 'rollBack' },
    ],
  },
  'the id of a new key could not be written, and IAM does not list the key yet': {
    ...USUAL,
    begins: 'first key',
    weather: { ...CALM, listing: 55 * SECOND },
    moves: [
      { ...rotation, retries: 3 },
      { move: 'run', who: 0, calls: 9, then: 'unansweredUndone' },
    ],
  },
  'a person deactivates the new key after it was proved': {
    ...USUAL,
    begins: 'first key',
    moves: [
      rotation,
      { move: 'run', who: 0, calls: 26 },
      { move: 'person', does: { act: 'deactivateKey', key: 1 } },
    ],
  },
  'a person moves AWSCURRENT back while the sweep is about to deactivate that key': {
    ...USUAL,
    begins: 'rotated once',
    moves: [
      { move: 'wait', for: 25 * HOUR },
      sweep,
      { move: 'run', who: 0, calls: 9 },
      { move: 'person', does: { act: 'moveCurrentBack' } },
    ],
  },
  'a person deletes the secret while the sweep is about to delete a retired key': {
    ...USUAL,
    begins: 'rotated once',
    overlap: 0,
    moves: [
      { move: 'wait', for: 8 * DAY },
      sweep,
      { move: 'run', who: 0, calls: 10 },
      { move: 'person', does: { act: 'deleteSecret' } },
    ],
  },
  'a rotation without an overlap ends, and the copy of the secret still has the key before it': {
    ...USUAL,
    begins: 'first key',
    overlap: 0,
    copies: true,
    moves: [rotation],
  },
  'a roll back returns to a key that was deactivated': {
    ...USUAL,
    begins: 'rotated once',
    overlap: 0,
    moves: [{ move: 'start', actor: 'rollBack' }],
  },
  'a person makes a key while a first key is made, which dies': {
    ...USUAL,
    begins: 'new user',
    moves: [
      firstKey,
      { move: 'run', who: 0, calls: 9 },
      { move: 'person', does: { act: 'createKey' } },
      { move: 'run', who: 0, calls: 0, then: 'crashAfter' },
      { move: 'wait', for: 3 * MINUTE },
      firstKey,
    ],
  },
  'DescribeSecret still shows AWSPENDING after it was taken off, and a second attempt is announced': {
    ...USUAL,
    begins: 'first key',
    weather: { ...CALM, secret: 5 * SECOND },
    moves: [
      rotation,
      { move: 'run', who: 0, calls: 9, then: 'denied' },
      { move: 'run', who: 0, calls: 3 },
      { move: 'start', actor: 'emergency', key: 0, giveWay: false },
    ],
  },
  'an emergency right after the new key was stored no longer sees AWSPENDING there, leaves it, and deletes the key':
    {
      ...USUAL,
      begins: 'first key',
      weather: { ...CALM, secret: 5 * SECOND },
      moves: [
        rotation,
        { move: 'run', who: 0, calls: 12, then: 'denied' },
        { move: 'start', actor: 'emergency', key: 0, giveWay: false },
      ],
    },
  'something else than AWS answers the write that names the new key, and the key is stranded': {
    ...USUAL,
    begins: 'first key',
    moves: [
      { ...rotation, retries: 1 },
      { move: 'run', who: 0, calls: 9, then: 'emptyUndone' },
    ],
  },
  'an older journal is brought back, which does not name the new key, and the key is stranded': {
    ...USUAL,
    begins: 'first key',
    moves: [
      { ...rotation, retries: 1 },
      { move: 'run', who: 0, calls: 19 },
      { move: 'person', does: { act: 'forgetNewKey' } },
      { move: 'run', who: 0, calls: 0, then: 'crashBefore' },
    ],
  },
  'the same, and the sweep, which reads no values, is the first to find the attempt': {
    ...USUAL,
    begins: 'first key',
    moves: [
      rotation,
      { move: 'run', who: 0, calls: 19 },
      { move: 'person', does: { act: 'forgetNewKey' } },
      { move: 'run', who: 0, calls: 0, then: 'crashBefore' },
      { move: 'person', does: { act: 'removePending' } },
      { move: 'wait', for: 10 * MINUTE },
      sweep,
    ],
  },
  'a second first key reads the secret before the first one shows, and replaces it': {
    ...USUAL,
    begins: 'new user',
    weather: { ...CALM, secret: 5 * SECOND, value: 15 * SECOND },
    moves: [firstKey, firstKey, firstKey],
  },
  'a second first key lists the keys before the first one shows, and replaces it': {
    ...USUAL,
    begins: 'new user',
    weather: { ...CALM, listing: 55 * SECOND },
    moves: [firstKey, firstKey],
  },
  'a first key dies when it has stored its key, which does not show yet to the next one': {
    ...USUAL,
    begins: 'new user',
    weather: { ...CALM, value: 15 * SECOND },
    moves: [
      firstKey,
      { move: 'run', who: 0, calls: 17, then: 'crashAfter' },
      { move: 'wait', for: 50 * SECOND },
      firstKey,
    ],
  },
  'the user is deleted and made again, and the key of the next rotation is stranded at the new one': {
    ...USUAL,
    begins: 'first key',
    moves: [{ move: 'person', does: { act: 'remakeUser' } }, rotation],
  },
  'the same, and the rotation dies when it has stored its key': {
    ...USUAL,
    begins: 'first key',
    moves: [
      { move: 'person', does: { act: 'remakeUser' } },
      rotation,
      { move: 'run', who: 0, calls: 12, then: 'crashAfter' },
      { move: 'run', who: 0, calls: 3 },
    ],
  },
  'the same, and the rotation dies when it has made its key': {
    ...USUAL,
    begins: 'first key',
    moves: [
      { move: 'person', does: { act: 'remakeUser' } },
      rotation,
      { move: 'run', who: 0, calls: 8, then: 'crashAfter' },
    ],
  },
  'a person makes a key after an attempt died before it made one, and the key is taken for its own': {
    ...USUAL,
    begins: 'first key',
    moves: [
      rotation,
      { move: 'run', who: 0, calls: 8, then: 'crashBefore' },
      { move: 'wait', for: 3 * MINUTE },
      { move: 'person', does: { act: 'createKey' } },
      { move: 'person', does: { act: 'removePending' } },
      { move: 'run', who: 0, calls: 1 },
      sweep,
    ],
  },
  'the user of a secret with a copy is made again, and a first key follows the end of a rotation so soon that the copy stays behind':
    {
      ...USUAL,
      begins: 'rotated once',
      copies: true,
      moves: [
        { move: 'person', does: { act: 'remakeUser' } },
        rotation,
        { move: 'run', who: 0, calls: 99, before: 'CreateAccessKey' },
      ],
      ends: 'everyone dies',
    },
  'a person moves AWSCURRENT back and deletes the new key, and AWSPENDING, which stayed on its version, spends a rotation':
    {
      ...USUAL,
      begins: 'first key',
      copies: true,
      moves: [
        rotation,
        { move: 'run', who: 0, calls: 99 },
        { move: 'wait', for: 10 * MINUTE },
        { move: 'person', does: { act: 'moveCurrentBack' } },
        sweep,
        { move: 'run', who: 0, calls: 99 },
        { move: 'person', does: { act: 'deleteKey', key: 1 } },
        { move: 'wait', for: 10 * MINUTE },
        sweep,
        { move: 'run', who: 0, calls: 99 },
        rotation,
      ],
    },
  'whoever may write the table names another user there, and its key is put into the secret': {
    ...USUAL,
    begins: 'first key',
    moves: [{ move: 'person', does: { act: 'nameAnotherUser' } }, rotation],
  },
  'a leaked key that a person serves is stopped while the secret is deleted': {
    ...USUAL,
    begins: 'first key',
    moves: [
      { move: 'person', does: { act: 'createKey' } },
      { move: 'person', does: { act: 'storeOwnKey', key: 0 } },
      { move: 'person', does: { act: 'deleteSecret' } },
      { move: 'wait', for: 10 * MINUTE },
      { move: 'start', actor: 'emergency', key: 1, giveWay: false },
    ],
  },
  "a first key stops until its lease is another one's, and takes the rotation since then for a contradiction":
    {
      ...USUAL,
      begins: 'first key',
      moves: [
        firstKey,
        { move: 'wait', for: 61 * SECOND },
        { move: 'run', who: 0, calls: 0, then: 'foreignDone' },
        rotation,
        { move: 'run', who: 0, calls: 3 },
        { move: 'run', who: 1, calls: 92, then: 'emptyDone' },
      ],
    },
};
