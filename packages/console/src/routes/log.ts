import type { DirectorySync, EventView } from '@learnamp/directory-sync';
import { harmlessJson } from '@learnamp/directory-sync/words';
import type { Hono } from 'hono';
import { stream } from 'hono/streaming';
import { companyOf, type ConsoleEnv, type Parts } from '../console-context.js';
import type { Events } from '../contract.js';
import { askedIn, type AskedEvents } from './asked-events.js';
import { headOf } from './head-of.js';
import { addLiveEvents } from './live-events.js';

const PAGE = 100;
const LARGEST_PAGE = 500;
/** So many records are looked at for one page; a rare type is found by asking on. */
const LOOKED_AT = 20_000n;

type Page = { readonly limit: number; readonly head: bigint };

/** One person's events come through an index, and are looked at to the first; of everybody's a page looks only so far back. */
const pageOf = async (
  engine: DirectorySync,
  { until, types, userIds, ...asked }: AskedEvents,
  { limit, head }: Page,
): Promise<Events> => {
  const from = asked.from ?? head;
  const events: EventView[] = [];
  const page = { events, head: head.toString() };
  if (from < until) return { ...page, next: null };
  const bound = userIds === undefined && from > LOOKED_AT ? from - LOOKED_AT : 0n;
  const to = until > bound ? until : bound;
  for await (const event of engine.events({ order: 'newest-first', from, to, types, userIds })) {
    if (events.length === limit) return { ...page, next: event.revision };
    events.push(event);
  }
  return { ...page, next: to > until ? (to - 1n).toString() : null };
};

const fileOf = (connectionId: string, what: string): string =>
  `attachment; filename="${connectionId.replace(/[^\w.-]/g, '_')}${what}.ndjson"`;

/** The log, newest first, as it grows, and as files: opened as it is shown, or as a whole as it is stored. */
export const addLog = (api: Hono<ConsoleEnv>, parts: Parts): void => {
  addLiveEvents(api, parts);
  api.get('/companies/:company/events', async (request) => {
    const { engine } = companyOf(parts, request);
    const head = await headOf(engine);
    const asked = await askedIn(request, engine, head);
    const limit = Math.max(1, Math.min(Number.parseInt(request.req.query('limit') ?? '', 10) || PAGE, LARGEST_PAGE));
    return request.json<Events>(await pageOf(engine, asked, { limit, head }));
  });
  api.get('/companies/:company/events/file', async (request) => {
    const { connectionId, engine } = companyOf(parts, request);
    const head = await headOf(engine);
    const { from = head, until, ...asked } = await askedIn(request, engine, head);
    request.header('content-type', 'application/x-ndjson; charset=utf-8');
    request.header('content-disposition', fileOf(connectionId, '-events'));
    return stream(request, async (output) => {
      if (from < until) return;
      for await (const event of engine.events({ ...asked, from: until, to: from })) {
        if (output.aborted) return;
        await output.write(`${harmlessJson(JSON.stringify(event))}\n`);
      }
    });
  });
  api.get('/companies/:company/export', (request) => {
    const { connectionId, engine } = companyOf(parts, request);
    request.header('content-type', 'application/x-ndjson; charset=utf-8');
    request.header('content-disposition', fileOf(connectionId, ''));
    return stream(request, async (output) => {
      for await (const line of engine.exportLog()) {
        if (output.aborted) return;
        await output.write(`${line}\n`);
      }
    });
  });
};
