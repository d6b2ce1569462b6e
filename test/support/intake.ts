import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  clientStateDigest,
  makeNotificationHandler,
  toNodeListener,
  type KnownSubscription,
  type NotificationCounters,
  type Stores,
} from '@learnamp/directory-sync';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';
import { onTestFinished } from 'vitest';
import { contentsOf } from './files.js';

export const tenants = ['0cea0ab7-2234-4f57-bc80-4d3e66df4791', '7d96d549-841b-4092-9c09-89abae4c860c'] as const;

/** Each tenant has its two subscriptions, each with a secret. */
const secretOf = (subscriptionId: string): string => `the secret of ${subscriptionId}`;
const subscriptionOf = (tenantId: string, resource: 'users' | 'groups'): KnownSubscription => {
  const subscriptionId = `${resource === 'users' ? 'a' : 'b'}${tenantId.slice(1)}`;
  return { subscriptionId, tenantId, resource, clientStateDigests: [clientStateDigest(secretOf(subscriptionId))] };
};

/** An item as Graph sends it, with whatever a forger changes. */
export const item = (
  tenantId: string,
  resource: 'users' | 'groups',
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => {
  const { subscriptionId } = subscriptionOf(tenantId, resource);
  const name = resource === 'users' ? 'Users' : 'Groups';
  const id = '72b08237-30f1-4fbe-be57-1df593448f7a';
  return {
    changeType: 'updated',
    clientState: secretOf(subscriptionId),
    resource: `${name}/${id}`,
    resourceData: { '@odata.type': `#Microsoft.Graph.${name.slice(0, -1)}`, '@odata.id': `${name}/${id}`, id },
    subscriptionExpirationDateTime: '2026-12-10T10:23:45.9356913-08:00',
    subscriptionId,
    tenantId,
    ...more,
  };
};

export type Answer = { readonly status: number; readonly headers: string; readonly body: string };

export type Intake = {
  readonly url: string;
  readonly stores: Stores;
  /** Posts items; the answer's headers but for the date. */
  readonly post: (...items: ReadonlyArray<unknown>) => Promise<Answer>;
  readonly send: (query: string, body: string) => Promise<Answer>;
  /** What stands in the files of the local database, as a digest of each. */
  readonly written: () => Promise<unknown>;
  readonly marked: () => ReadonlyArray<string>;
  readonly counters: () => NotificationCounters;
  /** Ends the process; the files stay. */
  readonly restart: () => Promise<Intake>;
};

type Host = { readonly onMarked?: (tenantId: string) => void; readonly inbox?: (stores: Stores) => Stores['inbox'] };

const openIn = async (folder: string, host: Host): Promise<Intake> => {
  const paths = {
    logPath: join(folder, 'log.db'),
    keysPath: join(folder, 'keys.db'),
    localPath: join(folder, 'local.db'),
  };
  const stores = await openSqliteStores(paths);
  const known = new Map(
    tenants
      .flatMap((tenantId) => [subscriptionOf(tenantId, 'users'), subscriptionOf(tenantId, 'groups')])
      .map((each) => [each.subscriptionId, each]),
  );
  const marked: string[] = [];
  const handler = makeNotificationHandler({
    inbox: host.inbox?.(stores) ?? stores.inbox,
    known: (id) => known.get(id),
    onMarked: (tenantId) => {
      marked.push(tenantId);
      host.onMarked?.(tenantId);
    },
    now: () => new Date('2026-03-04T05:06:07.890Z'),
  });
  const server = createServer(toNodeListener(handler));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/notifications`;

  let open = true;
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    for (const store of Object.values(stores)) await store.close();
  };
  onTestFinished(close);

  const send = (query: string, body: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const outgoing = httpRequest(`${url}${query}`, { method: 'POST' }, (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (part: string) => (text += part));
        incoming.on('end', () => {
          const headers = incoming.rawHeaders.join(' ').replace(/Date [^G]*GMT/, '');
          resolve({ status: incoming.statusCode ?? 0, headers, body: text });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });

  return {
    url,
    stores,
    post: (...items) => send('', JSON.stringify({ value: items })),
    send,
    written: async () => {
      const contents = await contentsOf(folder);
      return Object.entries(contents).filter(([name]) => !name.endsWith('-shm'));
    },
    marked: () => marked,
    counters: handler.counters,
    restart: async () => {
      await close();
      return openIn(folder, host);
    },
  };
};

/** A notification handler as a host runs it: a real server, and the inbox in a file. */
export const openIntake = async (host: Host = {}): Promise<Intake> => {
  const folder = await mkdtemp(join(tmpdir(), 'intake-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return openIn(folder, host);
};
