import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConnectionOptions } from '@learnamp/directory-sync';
import type { Simulator } from '@learnamp/directory-sync-simulator';
import type { AvatarStore } from '../examples/avatars.js';
import { connectionOf } from '../examples/company.js';
import type { Company } from '../examples/embedding.js';
import { idOf } from './simulator-settings.js';

/** A simulated company as the examples say what a company is. */
export const companyOf = (at: Simulator, connectionId: string): Company => ({
  connectionId,
  tenantId: idOf(at.tenantId),
  groupId: idOf(at.scopeGroupId),
  graph: { clientId: at.clientId, clientSecret: at.clientSecret },
  learnAmp: { clientId: at.learnAmpClientId, clientSecret: at.learnAmpClientSecret },
});

const nowhere: AvatarStore = { write: () => Promise.resolve(), remove: () => Promise.resolve() };

/** Its connection, as the examples make one. */
export const connectionAt = (at: Simulator, connectionId: string, pictures = nowhere): ConnectionOptions =>
  connectionOf(companyOf(at, connectionId), pictures, {
    graph: at.graphUrl,
    authority: at.authorityUrl,
    learnAmp: at.learnAmpUrl,
  });

export const freePort = async (): Promise<number> => {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  return port;
};
