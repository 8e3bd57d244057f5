import type { AccessKeyStore } from '../ports';
import type { Pacer } from './pacer';

/** The same access keys, asked for at the pacer's rate. Only calls that may be repeated are repeated. */
export function pacedAccessKeys(keys: AccessKeyStore, pacer: Pacer): AccessKeyStore {
  return {
    list: (userName) => pacer.run(() => keys.list(userName)),
    create: (userName) => keys.create(userName),
    activate: (userName, keyId) => pacer.run(() => keys.activate(userName, keyId)),
    deactivate: (userName, keyId) => pacer.run(() => keys.deactivate(userName, keyId)),
    delete: (userName, keyId) => pacer.run(() => keys.delete(userName, keyId)),
    lastUsed: (keyId) => pacer.run(() => keys.lastUsed(keyId)),
  };
}
