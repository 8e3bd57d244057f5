import type { Socket } from 'node:net';

/** The connections that each caller keeps for its next call, so that they can die as they do in the real network. */
export class KeptConnections {
  private readonly byCaller = new Map<string, Set<Socket>>();
  private readonly dead = new WeakSet<Socket>();

  /** @param accessKeyId what the caller signed with */
  usedBy(accessKeyId: string, socket: Socket): void {
    const sockets = this.byCaller.get(accessKeyId) ?? new Set();
    if (sockets.has(socket)) return;
    this.byCaller.set(accessKeyId, sockets.add(socket));
    socket.once('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) this.byCaller.delete(accessKeyId);
    });
  }

  /** The caller does not hear of it: its next request over one of them is reset. */
  dieInSilence(accessKeyId: string): void {
    for (const socket of this.byCaller.get(accessKeyId) ?? []) this.dead.add(socket);
  }

  isDead(socket: Socket): boolean {
    return this.dead.has(socket);
  }
}
