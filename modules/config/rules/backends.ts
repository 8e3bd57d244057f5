import { posix } from 'node:path';

import type { Draft, DraftStack } from '../draft';
import type { Problem } from '../problem';
import { holdsCredentials } from '../http-address';
import { HCP_TERRAFORM } from '../schema/backend';
import { backendOf } from '../shard-backend';
import { defaultStatePath } from '../state-path';

/** One state for each stack, and none where `cdktf synth` would delete it. */
export function checkBackends(draft: Draft): Problem[] {
  const stackOfState = new Map<string, string>();
  return draft.stacks.flatMap((stack): Problem[] => {
    const path = [...stack.path, 'backend'];
    const { backend } = stack.values;
    if (!draft.isSound(path)) return [];

    const kinds = Object.keys(backend ?? {});
    if (backend !== undefined && kinds.length !== 1) {
      // A refused one has its own error.
      if (KINDS.some((kind) => !draft.isSound([...path, kind]))) return [];
      return [
        {
          path,
          found: kinds.length === 0 ? 'none' : kinds.join(' and '),
          rule: 'a backend is one of s3, http, cloud, local and none',
          write: 'one of them; without backend the state is in a local file',
        },
      ];
    }

    const http = checkHttp(stack);
    if (http.length > 0) return http;
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

const KINDS = ['s3', 'http', 'cloud', 'local', 'none'] as const;

/** No credentials in the file, where they would get into the synthesized JSON, too. */
function checkHttp({ path, values }: DraftStack): Problem[] {
  const { http } = values.backend ?? {};
  if (http === undefined) return [];
  const at = [...path, 'backend', 'http'];
  const addresses = ['address', 'lockAddress', 'unlockAddress'] as const;
  const withCredentials = addresses.filter((key) =>
    holdsCredentials((http as Partial<typeof http>)[key] ?? ''),
  );
  return withCredentials.map((key) => ({
    path: [...at, key],
    found: 'an address with a user name, a password, a query or a fragment, which is not shown',
    rule: 'no credentials in this file: they would be in the synthesized Terraform, too',
    write:
      'the bare address; user name and password in the environment of Terraform, as TF_HTTP_USERNAME and TF_HTTP_PASSWORD',
  }));
}

function stateOf(stack: DraftStack): { location: string; remedy: string } | undefined {
  const written = stack.values.backend;
  // Refused: it has its own error.
  const { bucket: writtenBucket, key: writtenKey } = (written?.s3 ?? {}) as { bucket?: string; key?: string };
  if (written?.s3 !== undefined && (writtenBucket === undefined || writtenKey === undefined))
    return undefined;
  if (written?.http !== undefined && (written.http as { address?: string }).address === undefined)
    return undefined;
  if (written?.cloud !== undefined && (written.cloud as { workspace?: string }).workspace === undefined)
    return undefined;
  const backend = backendOf(written, stack.shard);
  // Whoever runs Terraform says where it is.
  if (backend?.none !== undefined) return undefined;
  if (backend?.cloud !== undefined) {
    const { hostname, organization, workspace } = backend.cloud;
    return {
      location: `${hostname ?? HCP_TERRAFORM}/${organization}/${workspace}`,
      remedy: `workspace: iam-key-rotation-${stack.name}`,
    };
  }
  if (backend?.http !== undefined) {
    return { location: backend.http.address, remedy: 'an address of its own' };
  }
  if (backend?.s3 !== undefined) {
    const { bucket, key } = backend.s3;
    return { location: `s3://${bucket}/${key}`, remedy: `key: iam-key-rotation/${stack.name}.tfstate` };
  }
  const path = backend?.local?.path ?? defaultStatePath(stack.name);
  return { location: posix.normalize(path), remedy: `path: ${defaultStatePath(stack.name)}` };
}
