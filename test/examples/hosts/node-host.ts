// #region node
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { openSyncEngine, toNodeListener } from '@learnamp/directory-sync';
import { connectedTo, mountConsole } from '../console.js';
import type { HostOptions } from './fastify-host.js';

export const startHost = async (
  options: HostOptions,
  port: number,
): Promise<{ readonly close: () => Promise<void> }> => {
  const { stores, publicUrl, connections, signedIn } = options;
  const engine = openSyncEngine({ stores, notifications: { publicUrl } });
  for (const connection of connections)
    await engine.add(connection).catch((problem: unknown) => console.error(connection.connectionId, problem));
  const notifications = toNodeListener(engine.handler);
  const pages = toNodeListener(mountConsole(() => connectedTo(engine, connections), signedIn).fetch);
  const { pathname } = new URL(publicUrl);

  const route = (path: string): RequestListener => {
    if (path === pathname) return notifications;
    if (path.startsWith('/admin/directory-sync/')) return pages;
    return (_request, response) => response.writeHead(404).end();
  };
  const server = createServer((request, response) => route((request.url ?? '').split('?')[0] ?? '')(request, response));
  await once(server.listen(port, '127.0.0.1'), 'listening');
  engine.start();
  return {
    // The port first, so that nothing comes while cycles end.
    close: async () => {
      server.close();
      await engine.stop({ deadlineMs: 10_000 });
    },
  };
};
// #endregion node
