import type { AccessKeyStore } from '../model/ports';
import type { Pacer } from './pacer';

/** The same access keys, asked for at the pacer's rate. Reads wait and are repeated; changes never wait. */
export function pacedAccessKeys(keys: AccessKeyStore, pacer: Pacer): AccessKeyStore {
  return {
    list: (userName) => pacer.read(() => keys.list(userName)),
    lastUsed: (keyId) => pacer.read(() => keys.lastUsed(keyId)),
    create: (userName) => pacer.change(() => keys.create(userName)),
    activate: (userName, keyId) => pacer.change(() => keys.activate(userName, keyId)),
    deactivate: (userName, keyId) => pacer.change(() => keys.deactivate(userName, keyId)),
    delete: (userName, keyId) => pacer.change(() => keys.delete(userName, keyId)),
  };
}
