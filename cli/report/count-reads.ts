import type { Instant } from '../../contract/instant';

/** One call of GetSecretValue. */
export interface Read {
  readonly at: Instant;
  readonly user: string;
  readonly principal: string;
  readonly isRefused: boolean;
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
}

/** How often a principal read the secret of a user. */
export interface ReadCount {
  readonly user: string;
  readonly principal: string;
  readonly reads: number;
  readonly refused: number;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  readonly addresses: readonly string[];
  readonly userAgents: readonly string[];
}

interface Counting {
  reads: number;
  refused: number;
  firstAt: Instant;
  lastAt: Instant;
  readonly addresses: Set<string>;
  readonly userAgents: Set<string>;
}

/** A reader with a new address for each read would fill the memory. */
const MOST_EXAMPLES = 10;

/** Counts reads as they come: of millions, only the groups are kept. */
export class ReadCounter {
  readonly #groups = new Map<string, Map<string, Counting>>();

  add({ at, user, principal, isRefused, address, userAgent }: Read): void {
    const ofUser = this.#groups.get(user) ?? new Map<string, Counting>();
    this.#groups.set(user, ofUser);
    const group = ofUser.get(principal) ?? newCounting(at);
    ofUser.set(principal, group);
    group[isRefused ? 'refused' : 'reads'] += 1;
    group.firstAt = Math.min(group.firstAt, at);
    group.lastAt = Math.max(group.lastAt, at);
    keepExample(group.addresses, address);
    keepExample(group.userAgents, userAgent);
  }

  counts(): readonly ReadCount[] {
    return [...this.#groups].flatMap(([user, ofUser]) =>
      [...ofUser].map(([principal, { addresses, userAgents, ...group }]) => ({
        ...{ user, principal, ...group },
        addresses: [...addresses].sort(),
        userAgents: [...userAgents].sort(),
      })),
    );
  }
}

const newCounting = (at: Instant): Counting => ({
  reads: 0,
  refused: 0,
  firstAt: at,
  lastAt: at,
  addresses: new Set(),
  userAgents: new Set(),
});

function keepExample(examples: Set<string>, example: string | undefined): void {
  if (example !== undefined && examples.size < MOST_EXAMPLES) examples.add(example);
}
