import { COUNTERS, DURATIONS, GAUGES, PER_USER_GAUGES } from '../../contract/telemetry-names';
import type { Price } from './prices';
import { PRICES } from './prices';
import type { Charged, StackParts } from './stack-parts';

/** A line of the bill. */
export interface CostLine {
  readonly what: string;
  /** How it is reckoned, for N users. */
  readonly arithmetic: string;
  readonly prices: readonly Price[];
  readonly dollars: (users: number) => number;
}

/** And the heartbeat. */
const METRICS_OF_STACK = COUNTERS.length + DURATIONS.length + GAUGES.length + 1;
const METRICS_OF_USER = PER_USER_GAUGES.length;

const HOURS = 730;
/** A rotation every second month. */
const ROTATIONS = 0.5;
/** One process for each user that reads every five minutes. */
const READS = 8_640;

/** What a stack of the defaults costs in a month, line by line. */
export function costLines(parts: StackParts): readonly CostLine[] {
  return [
    {
      what: 'the secrets',
      arithmetic: `${words(parts.secrets)} × $0.40`,
      prices: [PRICES.secret],
      dollars: (users) => count(parts.secrets, users) * PRICES.secret.dollars,
    },
    {
      what: 'applications that read them',
      arithmetic: `N × ${thousands(READS)} reads × $0.05 / 10,000: one process for each user, every five minutes`,
      prices: [PRICES.secretCall],
      dollars: (users) => users * READS * PRICES.secretCall.dollars,
    },
    {
      what: 'our own calls to Secrets Manager',
      arithmetic: `N × (${HOURS} looks of the hourly run + ${ROTATIONS} rotations × 20) × $0.05 / 10,000`,
      prices: [PRICES.secretCall],
      dollars: (users) => users * (HOURS + ROTATIONS * 20) * PRICES.secretCall.dollars,
    },
    {
      what: 'the retirement function',
      arithmetic: `${HOURS} runs × (2 s + N × 0.026 s) × 0.5 GB`,
      prices: [PRICES.lambdaGbSecond, PRICES.lambdaRequest],
      dollars: (users) =>
        HOURS * (2 + users * 0.026) * 0.5 * PRICES.lambdaGbSecond.dollars +
        HOURS * PRICES.lambdaRequest.dollars,
    },
    {
      what: 'the rotation functions, one for each user or one for all',
      arithmetic: `N × ${ROTATIONS} rotations × 30 s × 0.25 GB, 4 invocations each`,
      prices: [PRICES.lambdaGbSecond, PRICES.lambdaRequest],
      dollars: (users) =>
        users * ROTATIONS * (30 * 0.25 * PRICES.lambdaGbSecond.dollars + 4 * PRICES.lambdaRequest.dollars),
    },
    {
      what: 'the table',
      arithmetic: `N × ${HOURS} × 1 read unit (two items of 1 to 2 KB), and N × ${ROTATIONS} × 20 + ${HOURS} × 3 write units`,
      prices: [PRICES.readUnit, PRICES.writeUnit],
      dollars: (users) =>
        users * HOURS * PRICES.readUnit.dollars +
        (users * ROTATIONS * 20 + HOURS * 3) * PRICES.writeUnit.dollars,
    },
    {
      what: 'metrics',
      arithmetic: `${METRICS_OF_STACK} × $0.30, however many users`,
      prices: [PRICES.metric],
      dollars: () => METRICS_OF_STACK * PRICES.metric.dollars,
    },
    {
      what: 'alarms',
      arithmetic: `${words(parts.alarmMetrics)} × $0.10`,
      prices: [PRICES.alarm],
      dollars: (users) => count(parts.alarmMetrics, users) * PRICES.alarm.dollars,
    },
    {
      what: 'the dashboard',
      arithmetic: `${words(parts.dashboards)} × $3.00; nothing for the first three of an account`,
      prices: [PRICES.dashboard],
      dollars: (users) => count(parts.dashboards, users) * PRICES.dashboard.dollars,
    },
    {
      what: 'logs',
      arithmetic: `${HOURS} runs × (5 KB + N × 0.1 KB) + N × ${ROTATIONS} rotations × 20 KB`,
      prices: [PRICES.logGb],
      dollars: (users) => ((HOURS * (5 + users * 0.1) + users * ROTATIONS * 20) / 1e6) * PRICES.logGb.dollars,
    },
    {
      what: 'our events',
      arithmetic: `N × ${ROTATIONS} rotations × 5`,
      prices: [PRICES.event],
      dollars: (users) => users * ROTATIONS * 5 * PRICES.event.dollars,
    },
  ];
}

/** What is only there if it is asked for. */
export const FURTHER_LINES: readonly CostLine[] = [
  {
    what: '`auditTrail: create`: changes of the table’s items',
    arithmetic: `(N × ${ROTATIONS} × 20 + ${HOURS} × 3) × $0.10 / 100,000`,
    prices: [PRICES.dataEvent],
    dollars: (users) => (users * ROTATIONS * 20 + HOURS * 3) * PRICES.dataEvent.dollars,
  },
  {
    what: '`metrics: { perUser: true }`',
    arithmetic: `N × ${METRICS_OF_USER} × $0.30`,
    prices: [PRICES.metric],
    dollars: (users) => users * METRICS_OF_USER * PRICES.metric.dollars,
  },
];

const count = ({ perStack, perUser }: Charged, users: number): number => perStack + perUser * users;

/** Two parts are to be added before they are multiplied. */
function words({ perStack, perUser }: Charged): string {
  const ofUsers = perUser === 1 ? 'N' : `N × ${perUser}`;
  if (perUser === 0) return String(perStack);
  return perStack === 0 ? ofUsers : `(${perStack} + ${ofUsers})`;
}

const thousands = (value: number): string => value.toLocaleString('en-US');
