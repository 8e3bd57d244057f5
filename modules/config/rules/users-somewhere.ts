import type { Draft } from '../draft';
import type { Problem } from '../problem';

/** That there are no users has to be said, as their absence would look like their removal. */
export function checkUsersSomewhere(draft: Draft): Problem[] {
  return draft.stacks.flatMap(({ path, namePath, shard, values, users }): Problem[] => {
    const said = shard === undefined ? values : (values.shards?.[shard] ?? {});
    const { users: written, include } = said;
    if (written !== undefined || include !== undefined || users.length > 0) return [];
    if (['users', 'include', 'shards'].some((key) => !draft.isSound([...path, key]))) return [];
    if (['users', 'include'].some((key) => !draft.isSound([...namePath, key]))) return [];
    return [
      {
        path: [...namePath, 'users'],
        rule: 'users is a map of users; {} if there are none',
        write: 'users: {}, or a user below it, such as ci-deployer: {}',
      },
    ];
  });
}
