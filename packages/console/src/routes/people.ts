import type { DirectorySync, PersonAt, PersonStatus } from '@learnamp/directory-sync';
import { toObjectId } from '@learnamp/directory-sync';
import type { Hono } from 'hono';
import * as t from 'io-ts';
import { companyOf, type ConsoleEnv, type ConsoleRequest, type Parts } from '../console-context.js';
import type { People, Person } from '../contract.js';
import { Refused } from '../problem.js';
import { readBody } from '../security/read-body.js';
import { preferencesOf } from './settings.js';

const statuses: ReadonlyArray<PersonStatus> = ['active', 'held', 'parked', 'left', 'waiting'];

/** A page answers soon, also where everybody is looked at for the first time: then it tells how far that is. */
const PATIENCE_MS = 60;

const statusesOf = (asked: string | undefined): ReadonlyArray<PersonStatus> | undefined => {
  if (asked === undefined || asked === '') return undefined;
  const wanted = asked.split(',');
  return statuses.filter((status) => wanted.includes(status));
};

const personOf = (request: ConsoleRequest) => {
  const userId = toObjectId(request.req.param('person') ?? '');
  if (userId === undefined)
    throw new Refused(404, 'unknown-person', 'A person is named by the object id that Entra shows.');
  return userId;
};

type UserId = ReturnType<typeof personOf>;

const viewOf = async (engine: DirectorySync, userId: UserId, actor: string) => {
  for await (const person of engine.people({ userIds: [userId], by: { actor } })) return person;
  return null;
};

const revisionOf = (asked: string | undefined): bigint => {
  if (asked === undefined || !/^\d{1,19}$/.test(asked))
    throw new Refused(400, 'invalid-request', 'revision is a number from 0 on.');
  return BigInt(asked);
};

/** The list of people, one person, and what may be done for one person. */
export const addPeople = (api: Hono<ConsoleEnv>, parts: Parts): void => {
  api.get('/companies/:company/people', async (request) => {
    const { text, status, after, limit } = request.req.query();
    const page = await companyOf(parts, request).engine.searchPeople({
      text,
      statuses: statusesOf(status),
      after,
      patienceMs: PATIENCE_MS,
      limit: limit === undefined ? undefined : Number.parseInt(limit, 10) || undefined,
      by: { actor: request.get('visitor').name },
    });
    return request.json<People>(page);
  });
  api.get('/companies/:company/people/:person', async (request) => {
    const { engine } = companyOf(parts, request);
    const userId = personOf(request);
    const actor = request.get('visitor').name;
    const why = await engine.why(userId, { by: { actor } });
    const person = await viewOf(engine, userId, actor);
    const now = (await engine.person(userId, { by: { actor } })) ?? null;
    const manager = person?.managerId ? await viewOf(engine, person.managerId, actor) : null;
    return request.json<Person>({ person, manager, now, why });
  });
  api.get('/companies/:company/people/:person/at', async (request) => {
    const { engine } = companyOf(parts, request);
    const by = { actor: request.get('visitor').name };
    const revision = revisionOf(request.req.query('revision'));
    return request.json<PersonAt | null>((await engine.person(personOf(request), { revision, by })) ?? null);
  });
  api.post('/companies/:company/people/:person/with', async (request) => {
    const { engine } = companyOf(parts, request);
    const by = { actor: request.get('visitor').name };
    const { preferences: given } = await readBody(request.req.raw, t.type({ preferences: t.unknown }));
    const preferences = preferencesOf(given);
    return request.json<PersonAt | null>((await engine.person(personOf(request), { preferences, by })) ?? null);
  });
  api.post('/companies/:company/people/:person/sync', async (request) => {
    const { engine } = companyOf(parts, request);
    return request.json(await engine.syncUser(personOf(request), { by: { actor: request.get('visitor').name } }));
  });
  api.post('/companies/:company/people/:person/retry', async (request) => {
    const { engine } = companyOf(parts, request);
    const { reason } = await readBody(request.req.raw, t.type({ reason: t.string }));
    const by = request.get('visitor').name;
    return request.json(await engine.retry({ userIds: [personOf(request)], by, reason }));
  });
};
