import { posix } from 'node:path';

import type { Draft, DraftStack } from '../draft';
import type { Finding } from '../problem';
import { defaultStatePath } from '../state-path';

/** One state for each stack, and none where `cdktf synth` would delete it. */
export function checkBackends(draft: Draft): Finding[] {
  const stackOfState = new Map<string, string>();
  return draft.stacks.flatMap((stack): Finding[] => {
    const path = [...stack.path, 'backend'];
    const { backend } = stack.values;
    if (!draft.isSound(path)) return [];

    const kinds = Object.keys(backend ?? {});
    if (backend !== undefined && kinds.length !== 1) {
      // A refused s3 or local has its own error.
      if (!draft.isSound([...path, 's3']) || !draft.isSound([...path, 'local'])) return [];
      return [
        {
          path,
          found: kinds.length === 0 ? 'neither' : kinds.join(' and '),
          rule: 'a backend is either s3 or local',
          write: 'one of the two; without backend the state is in a local file',
        },
      ];
    }

    const state = stateOf(stack);
    if (state === undefined) return [];
    if (/(^|\/)cdktf\.out(\/|$)/.test(state.location)) {
      return [
        {
          path: [...path, 'local', 'path'],
          rule: 'the state is not kept in cdktf.out, because `cdktf synth` deletes folders there',
          write: `path: ${defaultStatePath(stack.name)}`,
        },
      ];
    }
    const other = stackOfState.get(state.location);
    stackOfState.set(state.location, other ?? stack.name);
    if (other === undefined) return [];
    return [
      {
        path,
        found: `the state ${state.location}, as in stacks.${other}`,
        rule: 'two stacks never share a state: each would destroy what the other has made',
        write: state.remedy,
      },
    ];
  });
}

function stateOf(stack: DraftStack): { location: string; remedy: string } | undefined {
  const { backend } = stack.values;
  if (backend?.s3 !== undefined) {
    const { bucket, key } = backend.s3 as Partial<typeof backend.s3>;
    if (bucket === undefined || key === undefined) return undefined;
    return { location: `s3://${bucket}/${key}`, remedy: `key: iam-key-rotation/${stack.name}.tfstate` };
  }
  const path = backend?.local?.path ?? defaultStatePath(stack.name);
  return { location: posix.normalize(path), remedy: `path: ${defaultStatePath(stack.name)}` };
}
