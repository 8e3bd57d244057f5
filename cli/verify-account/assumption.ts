import type { Account } from './account';
import type { Part } from './resources';

/** What a check found out. */
export interface Finding {
  readonly verdict: 'holds' | 'does not hold' | 'not tried';
  /** What was seen, or why it could not be tried. */
  readonly seen: string;
}

export const holds = (seen: string): Finding => ({ verdict: 'holds', seen });
export const doesNotHold = (seen: string): Finding => ({ verdict: 'does not hold', seen });
export const notTried = (seen: string): Finding => ({ verdict: 'not tried', seen });

/** Something about AWS that the product rests on, and that no local AWS can prove. */
export interface Assumption {
  /** In kebab case; stable, because scripts read it. */
  readonly id: string;
  /** A whole sentence. */
  readonly sentence: string;
  /** What in the product rests on it: what would go wrong. */
  readonly restsOnIt: string;
  readonly source: Source;
  readonly proof: Check | ByHand;
}

/** The paragraph of the docs with what is known about it, and the links to AWS's own pages. */
export interface Source {
  /** `F 1.15` */
  readonly title: string;
  /** From the root of the repository and of the package. */
  readonly page: string;
}

/** What `verify-account` does. */
export interface Check {
  readonly by: 'command';
  /** Everything that it makes in the account. */
  readonly makes: readonly Part[];
  /** Whether it waits for something that AWS does when it likes, as long as `--patience` says. @default false */
  readonly isPatient?: boolean;
  /** @throws Error if it cannot be brought to its end. */
  readonly run: (account: Account) => Promise<Finding>;
}

/** What a person has to do. */
export interface ByHand {
  readonly by: 'hand';
  readonly needs: 'two days' | 'a channel of a chat' | 'another partition' | 'another region' | 'Terraform';
  /** Why the command cannot try it. */
  readonly why: string;
  readonly how: string;
}

/** A paragraph of docs/design/aws-facts.md. */
export const fact = (title: `F ${number}.${number}`): Source => ({
  title,
  page: `docs/design/aws-facts.md#${title.toLowerCase().replace(' ', '-').replace('.', '')}`,
});
