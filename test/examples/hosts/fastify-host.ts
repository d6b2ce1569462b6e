// #region fastify
import { openSyncEngine, toNodeListener, type ConnectionOptions, type Stores } from '@learnamp/directory-sync';
import fastify, { type FastifyInstance, type RouteHandlerMethod } from 'fastify';
import { connectedTo, mountConsole } from '../console.js';

export type HostOptions = {
  readonly stores: Stores;
  readonly publicUrl: string;
  readonly connections: ReadonlyArray<ConnectionOptions>;
  /** Who is signed in, as this host knows it. */
  readonly signedIn: (request: Request) => Promise<{ readonly name: string; readonly isAdmin: boolean } | undefined>;
};

/** Hands a request on with its body unread; the answer is none of Fastify's business. */
const handedTo = (handler: (request: Request) => Promise<Response>): RouteHandlerMethod => {
  const listener = toNodeListener(handler);
  return (request, reply) => {
    reply.hijack();
    listener(request.raw, reply.raw);
  };
};

export const buildHost = async (options: HostOptions): Promise<FastifyInstance> => {
  const { stores, publicUrl, connections, signedIn } = options;
  const app = fastify({ logger: { level: 'error' } });
  const engine = openSyncEngine({ stores, notifications: { publicUrl }, logger: app.log });
  for (const connection of connections)
    await engine.add(connection).catch((problem: unknown) => app.log.error({ problem }, connection.connectionId));
  const pages = mountConsole(() => connectedTo(engine, connections), signedIn);

  await app.register(async (raw) => {
    raw.removeAllContentTypeParsers();
    raw.addContentTypeParser('*', (_request, _body, done) => done(null));
    raw.post(new URL(publicUrl).pathname, handedTo(engine.handler));
    raw.all('/admin/directory-sync/*', handedTo(pages.fetch));
  });
  app.get('/healthz', async () => ({ companies: (await engine.status()).map(({ live }) => live.cycle) }));

  // Graph calls back while a subscription is made: the server is there before the engine asks for one.
  app.addHook('onListen', async () => engine.start());
  app.addHook('onClose', () => engine.stop({ deadlineMs: 10_000 }));
  return app;
};
// #endregion fastify
