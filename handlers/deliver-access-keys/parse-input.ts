import { deliveryInputSchema } from '../../contract/delivery-input';
import { stableKeyIn } from '../core/model/stable-key';

/** `user`: a stable key; undefined: the event is about a secret that is called like none of this stack's. */
type Wanted = 'all' | { readonly user: string | undefined };

/**
 * Whose key is to be delivered.
 *
 * @throws Error if it is nothing that this function is invoked with
 */
export function parseInput(input: unknown, secretPrefix: string): Wanted {
  const parsed = deliveryInputSchema.safeParse(input);
  if (!parsed.success) {
    throw new Error(
      'This function delivers after an event of EventBridge, or with {"deliver": "all"} for all users; it was invoked with ' +
        'something else. Nothing was done.',
    );
  }
  if ('deliver' in parsed.data) return 'all';
  if ('detail' in parsed.data) return { user: parsed.data.detail.user };
  return { user: stableKeyIn(parsed.data.resources[0] ?? '', secretPrefix) };
}
