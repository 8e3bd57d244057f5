import { deliveryInputSchema } from '../../contract/delivery-input';
import { stableKeyIn } from '../core/model/stable-key';

/**
 * Whose key is to be delivered: a stable key, or everybody's. Undefined: the event is about a secret that is called like
 * none of this stack's.
 *
 * @throws Error if it is nothing that this function is invoked with
 */
export function parseInput(input: unknown, secretPrefix: string): 'all' | string | undefined {
  const parsed = deliveryInputSchema.safeParse(input);
  if (!parsed.success) {
    throw new Error(
      'This function delivers after an event of EventBridge, or with {"deliver": "all"} for all users; it was invoked with ' +
        'something else. Nothing was done.',
    );
  }
  if ('deliver' in parsed.data) return 'all';
  if ('detail' in parsed.data) return parsed.data.detail.user;
  return stableKeyIn(parsed.data.resources[0] ?? '', secretPrefix);
}
