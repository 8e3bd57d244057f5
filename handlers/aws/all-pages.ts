import type { CallName } from '../core/model/call-errors';
import { incomplete, readAnswer } from './call-aws';

/** What one page of a list says. */
export interface Page<Item, Marker> {
  /** Undefined: the answer holds no list. An empty list is one. */
  readonly items: readonly Item[] | undefined;
  /** Undefined: the answer does not say whether there is more. */
  readonly isLast: boolean | undefined;
  /** Where the next page begins. */
  readonly next: Marker | undefined;
}

/**
 * A whole list, page by page. "There is no such key" is concluded from nothing less (R8).
 *
 * @param readPage reads the page that begins at the marker; the first one without a marker.
 * @throws CallUnansweredError for a page that holds no list, or does not say whether it is the last one; for one that is
 * not the last and does not say where the next one begins, or begins where it began itself; and for a list without end.
 */
export async function allPages<Item, Marker>(
  call: CallName,
  mostPages: number,
  readPage: (marker: Marker | undefined) => Promise<Page<Item, Marker>>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  let marker: Marker | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const { items, isLast, next } = await readPage(marker);
    if (items === undefined) throw incomplete(call, 'the answer holds no list');
    if (isLast === undefined) throw incomplete(call, 'the answer does not say whether the list ends there');
    readAnswer(call, () => all.push(...items));
    if (isLast) return all;
    if (next === undefined) throw incomplete(call, 'the list goes on, and the answer does not say where');
    if (marker !== undefined && JSON.stringify(next) === JSON.stringify(marker))
      throw incomplete(call, 'the list goes on where it began');
    marker = next;
  }
  throw incomplete(call, `the list does not end within ${mostPages} pages`);
}
