import { DAY, HOUR, MINUTE, SECOND, type Milliseconds } from '../../contract/instant';
import type { Fault } from './engine/faults';
import type { History, Move } from './history';

const FAULT_WORDS: Readonly<Record<Fault, string>> = {
  crashBefore: 'the process dies before the next call',
  crashAfter: 'the process dies right after the next call',
  crashThenPerformed: 'the process dies, and its next call is performed some seconds later',
  unansweredUndone: 'the next call gets no answer and is not performed',
  unansweredDone: 'the next call gets no answer and is performed',
  unansweredThenPerformed: 'the next call gets no answer and is performed some seconds later',
  throttled: 'the next call is throttled',
  denied: 'the next call is denied',
  emptyUndone: 'something else than AWS answers the next call with an empty 200, and it is not performed',
  emptyDone: 'something else than AWS answers the next call with an empty 200, and it is performed',
  foreignUndone: 'something else than AWS answers the next call with a page, and it is not performed',
  foreignDone: 'something else than AWS answers the next call with a page, and it is performed',
};

/** A history as a person reads it. */
export function linesOf(history: History): string[] {
  const { weather } = history;
  return [
    `Given: ${history.begins}; overlap ${time(history.overlap)}, grace period ${time(history.gracePeriod)}, ` +
      `when still in use: ${history.whenStillInUse}${history.takeOver ? ', all keys to be taken over' : ''}` +
      (history.impostor ? '; IAM has another user of that name' : '') +
      (history.delivers === true ? '; with delivery targets' : '') +
      (history.outside === true ? '; with targets outside AWS' : '') +
      (history.restarts === true ? '; with a service that is restarted' : '') +
      (history.acknowledgedBy === undefined ? '' : `; acknowledged by ${history.acknowledgedBy}`),
    `Weather: listings up to ${time(weather.listing)} old, secret answers ${time(weather.secret)}, its values ${time(weather.value ?? weather.secret)}, new keys come and go ` +
      `for ${time(weather.newKey)}, last-used data ${time(weather.lastUsed)} old, calls take up to ${time(weather.call)}, ` +
      `clocks off by ${time(weather.skew)} (seed ${weather.seed})`,
    ...history.moves.map((move, index) => `${String(index + 1).padStart(3)}. ${lineOf(move)}`),
    `Then: ${history.ends}, all is calm, and the product has to come to a good end by itself`,
  ];
}

function lineOf(move: Move): string {
  switch (move.move) {
    case 'start':
      switch (move.actor) {
        case 'rotation':
          return `Secrets Manager rotates (${move.retries} retries with the same token, ${time(move.pause)} apart)`;
        case 'firstKey':
          return 'Terraform asks for the first key';
        case 'sweep':
          return 'a sweep starts';
        case 'delivery':
          return 'a delivery starts';
        case 'testOnly':
          return 'Secrets Manager tests the configuration';
        case 'rollBack':
          return 'an operator rolls back';
        case 'leak':
          return `AWS reports a leak: ${move.of}`;
        case 'emergency':
          return `an operator replaces key ${move.key} as leaked${move.giveWay ? ', the other one may give way' : ''}`;
        case 'duplicate':
          return `${move.step} is called once more with the token on ${move.of}`;
      }
      break;
    case 'run':
      return (
        `number ${move.who} of those acting makes ${move.calls} calls` +
        (move.before === undefined ? '' : ` at most, up to ${move.before}`) +
        (move.then === undefined ? '' : `; then ${FAULT_WORDS[move.then]}`)
      );
    case 'wait':
      return `${time(move.for)} pass`;
    case 'until':
      return `${time(move.at)} have passed`;
    case 'person':
      return `a person: ${JSON.stringify(move.does)}`;
  }
  return JSON.stringify(move);
}

function time(duration: Milliseconds): string {
  for (const [unit, name] of [
    [DAY, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'min'],
    [SECOND, 's'],
  ] as const) {
    if (duration >= unit && duration % unit === 0) return `${duration / unit} ${name}`;
  }
  return duration === 0 ? '0 s' : `${duration} ms`;
}
