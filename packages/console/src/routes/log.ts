import type { DirectorySync, EventView, ObjectId } from '@learnamp/directory-sync';
import { toObjectId } from '@learnamp/directory-sync';
import type { Hono } from 'hono';
import { stream } from 'hono/streaming';
import { companyOf, type ConsoleEnv, type ConsoleRequest, type Parts } from '../console-context.js';
import type { Events } from '../contract.js';
import { Refused } from '../problem.js';

const PAGE = 100;
const LARGEST_PAGE = 500;
/** So many records are looked at for one page; a rare type is found by asking on. */
const LOOKED_AT = 20_000n;

type Asked = {
  readonly from: bigint | undefined;
  readonly until: bigint;
  readonly types: ReadonlyArray<string> | undefined;
  readonly userId: ObjectId | undefined;
  readonly limit: number;
};

const given = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

const revision = (name: string, text: string | undefined): bigint | undefined => {
  if (text === undefined) return undefined;
  if (!/^\d{1,19}$/.test(text)) throw new Refused(400, 'invalid-request', `${name} is a revision: a number from 0 on.`);
  return BigInt(text);
};

const person = (text: string | undefined): ObjectId | undefined => {
  const userId = text === undefined ? undefined : toObjectId(text.trim());
  if (text !== undefined && userId === undefined)
    throw new Refused(400, 'invalid-request', 'person is named by the object id that Entra shows.');
  return userId;
};

const askedIn = (request: ConsoleRequest): Asked => {
  const { from, until, types, person: named, limit } = request.req.query();
  return {
    from: revision('from', given(from)),
    until: revision('until', given(until)) ?? 0n,
    types: given(types)?.split(','),
    userId: person(given(named)),
    limit: Math.max(1, Math.min(Number.parseInt(limit ?? '', 10) || PAGE, LARGEST_PAGE)),
  };
};

/** One person's events come through an index, and are looked at to the first; of everybody's a page looks only so far back. */
const pageOf = async (engine: DirectorySync, { until, types, userId, limit, ...asked }: Asked): Promise<Events> => {
  const from = asked.from ?? BigInt((await engine.status()).head?.revision ?? 0);
  const bound = userId === undefined && from > LOOKED_AT ? from - LOOKED_AT : 0n;
  const to = until > bound ? until : bound;
  const events: EventView[] = [];
  const userIds = userId === undefined ? undefined : [userId];
  for await (const event of engine.events({ order: 'newest-first', from, to, types, userIds })) {
    if (events.length === limit) return { events, next: event.revision };
    events.push(event);
  }
  return { events, next: to > until ? (to - 1n).toString() : null };
};

/** The log, newest first, and all of it as a file. */
export const addLog = (api: Hono<ConsoleEnv>, parts: Parts): void => {
  api.get('/companies/:company/events', async (request) =>
    request.json<Events>(await pageOf(companyOf(parts, request).engine, askedIn(request))),
  );
  api.get('/companies/:company/export', (request) => {
    const { connectionId, engine } = companyOf(parts, request);
    request.header('content-type', 'application/x-ndjson; charset=utf-8');
    request.header('content-disposition', `attachment; filename="${connectionId.replace(/[^\w.-]/g, '_')}.ndjson"`);
    return stream(request, async (output) => {
      for await (const line of engine.exportLog()) await output.write(`${line}\n`);
    });
  });
};
