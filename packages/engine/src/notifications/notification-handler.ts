import type { InboxMark, JsonLimits, NotificationInbox } from '@learnamp/directory-sync-event-sourcing';
import type { Logger } from '../directory-sync.js';
import { judgeItem } from './judge-item.js';
import type { KnownSubscription } from './judge-item.js';
import { countNotifications } from './notification-counters.js';
import type { CountNotifications, NotificationCounters, RefusalReason } from './notification-counters.js';
import { decodeNotification } from './notification-items.js';
import type { NotificationItem } from './notification-items.js';
import { makeBodyReader } from './read-body.js';
import type { BodyLimits } from './read-body.js';
import { validationTokenOf } from './validation-token.js';

export { clientStateDigest } from './client-state.js';
export type { KnownSubscription } from './judge-item.js';
export type { NotificationCounters } from './notification-counters.js';
export { toNodeListener } from './to-node-listener.js';
export type { NodeListenerOptions } from './to-node-listener.js';

/** Far above what Graph sends: an item takes about 700 bytes. */
const bodyLimits: BodyLimits = { bytesOfABody: 1_048_576, bytesAtOnce: 67_108_864 };
/** A genuine notification is six deep (a member of a group's `members@delta`). */
const jsonLimits: JsonLimits = { depth: 32, items: 4_096, values: 131_072 };

const MINUTE = 60_000;

/** Where marks are kept, how subscriptions are known, and what bounds a request. */
export type NotificationHandlerOptions = {
  /** Where marks are kept before the answer goes out. */
  readonly inbox: NotificationInbox;
  /** Looked up in memory: the answer to Graph waits for it. */
  readonly known: (subscriptionId: string) => KnownSubscription | undefined;
  /** Told after the mark is durable, once a request and tenant. */
  readonly onMarked?: ((tenantId: string) => void) | undefined;
  /** Told that Graph asks for a new authorisation of a subscription. Must not throw. */
  readonly onLifecycle?:
    ((tenantId: string, subscriptionId: string, event: 'reauthorizationRequired') => void) | undefined;
  /** The clock, by which marks are dated and rates are counted. */
  readonly now: () => Date;
  /** Gets counts, once a minute at most. */
  readonly logger?: Logger | undefined;
};

/**
 * Answers what Microsoft Graph posts: the handshake of a subscription, notifications and lifecycle notifications
 * (`docs/reference/notifications.md`).
 */
export type NotificationHandler = ((request: Request) => Promise<Response>) & {
  /** What came in so far. */
  readonly counters: () => NotificationCounters;
};

const HEADERS = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };

const empty = (status: number, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(null, { status, headers: { ...HEADERS, ...headers } });

const echo = (token: Uint8Array<ArrayBuffer>): Response =>
  new Response(token, { status: 200, headers: { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' } });

const statusOf: Readonly<Record<RefusalReason, number>> = {
  method: 405,
  token: 400,
  encoding: 415,
  tooLarge: 413,
  noNotification: 400,
  broken: 400,
  crowded: 503,
  notWritten: 503,
};

const isEncoded = (request: Request): boolean =>
  (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase() !== 'identity';

/** What the genuine items of one request ask for. */
type Wanted = {
  readonly changed: ReadonlyMap<string, Pick<InboxMark, 'tenantId' | 'resource' | 'count'>>;
  readonly reauthorize: ReadonlyMap<string, KnownSubscription>;
  readonly reauthorizations: number;
};

const judgeAll = (
  items: ReadonlyArray<NotificationItem | undefined>,
  known: NotificationHandlerOptions['known'],
  counts: CountNotifications,
): Wanted => {
  const changed = new Map<string, Pick<InboxMark, 'tenantId' | 'resource' | 'count'>>();
  const reauthorize = new Map<string, KnownSubscription>();
  let reauthorizations = 0;
  for (const item of items) {
    const verdict = judgeItem(item, known);
    switch (verdict._tag) {
      case 'Changed': {
        const { tenantId, resource } = verdict.known;
        const key = `${resource} ${tenantId}`;
        changed.set(key, { tenantId, resource, count: (changed.get(key)?.count ?? 0) + 1 });
        break;
      }
      case 'ReauthorizationRequired':
        reauthorize.set(verdict.known.subscriptionId, verdict.known);
        reauthorizations += 1;
        break;
      case 'Ignored':
        counts.add('ignored', 1);
        break;
      case 'Dropped':
        counts.reject(verdict.reason);
        break;
    }
  }
  return { changed, reauthorize, reauthorizations };
};

/**
 * Answers what Microsoft Graph posts to `notificationUrl` and `lifecycleNotificationUrl` (one address serves both).
 *
 * - A handshake (`?validationToken=`) is answered before anything is read: 200 and the decoded token, or 400.
 * - A notification is answered 202 without a body once the marks of its genuine items are durable, whoever sent it and
 *   whatever is wrong with its items. 503 where they could not be written: Graph sends it again.
 * - 400 where the body is no notification at all, 405, 413 and 415 (compressed) for what is not read.
 *
 * Nothing else happens before the answer: no request to Graph, no look at the log. No value of a body leaves the
 * handler; what it hands on stems from `known`.
 *
 * @example
 * const handler = makeNotificationHandler({ inbox, known: (id) => subscriptions.get(id), now: () => new Date() });
 * createServer(toNodeListener(handler)).listen(8080, '127.0.0.1');
 */
export const makeNotificationHandler = (options: NotificationHandlerOptions): NotificationHandler => {
  const { inbox, known, now } = options;
  const counts = countNotifications();
  const readBody = makeBodyReader(bodyLimits);
  let warnedAt = Number.NEGATIVE_INFINITY;

  /** A flood of forged notifications is one line a minute. */
  const warn = (message: string): void => {
    const at = now().getTime();
    if (options.logger === undefined || Math.abs(at - warnedAt) < MINUTE) return;
    warnedAt = at;
    const { forged, rejected, refused } = counts.snapshot();
    options.logger.warn({ forged, rejected, refused }, message);
  };

  const refuse = (reason: RefusalReason, headers: Readonly<Record<string, string>> = {}): Response => {
    counts.refuse(reason);
    return empty(statusOf[reason], headers);
  };

  /** The host's own code: what goes wrong in it is no reason to let Graph send everything again. */
  const tell = (run: () => void): void => {
    try {
      run();
    } catch {
      warn('A listener to notifications failed.');
    }
  };

  const write = async ({ changed }: Wanted): Promise<boolean> => {
    if (changed.size === 0) return true;
    const receivedAt = now().toISOString();
    try {
      await inbox.mark([...changed.values()].map((mark) => ({ ...mark, receivedAt })));
      return true;
    } catch {
      return false;
    }
  };

  const accept = async (items: ReadonlyArray<NotificationItem | undefined>): Promise<Response> => {
    const forged = counts.forged();
    counts.add('received', items.length);
    const wanted = judgeAll(items, known, counts);
    if (counts.forged() > forged) warn('Notifications that do not come from Microsoft Graph were dropped.');
    if (!(await write(wanted))) {
      warn('Notifications could not be made durable; Microsoft Graph sends them again.');
      return refuse('notWritten');
    }
    for (const { count } of wanted.changed.values()) counts.add('marked', count);
    counts.add('reauthorizations', wanted.reauthorizations);
    for (const tenantId of new Set([...wanted.changed.values()].map((mark) => mark.tenantId))) {
      tell(() => options.onMarked?.(tenantId));
    }
    for (const { tenantId, subscriptionId } of wanted.reauthorize.values()) {
      tell(() => options.onLifecycle?.(tenantId, subscriptionId, 'reauthorizationRequired'));
    }
    return empty(202);
  };

  const receive = async (request: Request): Promise<Response> => {
    if (isEncoded(request)) return refuse('encoding');
    const body = await readBody(request);
    switch (body._tag) {
      case 'TooLarge':
        return refuse('tooLarge');
      case 'Broken':
        return refuse('broken');
      case 'Crowded':
        return refuse('crowded');
      case 'Body': {
        const decoded = decodeNotification(body.bytes, jsonLimits);
        if (decoded._tag === 'NoNotification') return refuse('noNotification');
        return decoded._tag === 'TooMany' ? refuse('tooLarge') : accept(decoded.items);
      }
    }
  };

  const handler = async (request: Request): Promise<Response> => {
    if (request.method !== 'POST') return refuse('method', { allow: 'POST' });
    const token = validationTokenOf(request.url);
    if (token._tag === 'None') return receive(request);
    if (token._tag === 'Malformed') return refuse('token');
    counts.add('validations', 1);
    return echo(token.bytes);
  };
  return Object.assign(handler, { counters: counts.snapshot });
};
