import { toObjectId } from '@learnamp/directory-sync';
import type { Hono } from 'hono';
import * as t from 'io-ts';
import { companyOf, type ConsoleEnv, type ConsoleRequest, type Parts } from '../console-context.js';
import { Refused } from '../problem.js';
import { readBody } from '../security/read-body.js';

/** So many are listed; the counts are of all. */
const LISTED = 500;

const Decision = t.intersection([t.type({ reason: t.string }), t.partial({ userIds: t.array(t.string) })]);

const requestOf = async (request: ConsoleRequest) => {
  const { reason, userIds } = await readBody(request.req.raw, Decision);
  if (reason.trim() === '')
    throw new Refused(400, 'invalid-request', 'reason says why: it is recorded with the decision.');
  const named = userIds?.map((id) => {
    const userId = toObjectId(id);
    if (userId === undefined) throw new Refused(400, 'invalid-request', 'userIds names people by their object ids.');
    return userId;
  });
  return { by: request.get('visitor').name, reason: reason.trim(), userIds: named };
};

/** What waits for a person: holds and parked people, and the decisions over them; pausing and resuming. */
export const addDecisions = (api: Hono<ConsoleEnv>, parts: Parts): void => {
  api.get('/companies/:company/held', async (request) => {
    const { engine } = companyOf(parts, request);
    return request.json(await engine.held({ limit: LISTED, by: { actor: request.get('visitor').name } }));
  });
  api.post('/companies/:company/held/approve', async (request) =>
    request.json(await companyOf(parts, request).engine.approveHeld(await requestOf(request))),
  );
  api.post('/companies/:company/held/reject', async (request) =>
    request.json(await companyOf(parts, request).engine.rejectHeld(await requestOf(request))),
  );
  api.get('/companies/:company/parked', async (request) => {
    const { engine } = companyOf(parts, request);
    return request.json(await engine.parked({ limit: LISTED, by: { actor: request.get('visitor').name } }));
  });
  api.post('/companies/:company/parked/retry', async (request) =>
    request.json(await companyOf(parts, request).engine.retry(await requestOf(request))),
  );
  for (const act of ['pause', 'resume'] as const)
    api.post(`/companies/:company/${act}`, async (request) => {
      const { by, reason } = await requestOf(request);
      await companyOf(parts, request).engine[act]({ actor: by, reason });
      return request.json({});
    });
};
