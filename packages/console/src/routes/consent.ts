import { adminConsentUrl, completeAdminConsent } from '@learnamp/directory-sync';
import type { Hono } from 'hono';
import * as t from 'io-ts';
import { reachOf, redirectUriOf } from '../application.js';
import type { Reach } from '../connection-settings.js';
import { type ConsoleEnv, type ConsoleRequest, knownOf, type Parts } from '../console-context.js';
import type { ConsentBegun, ConsentGiven } from '../contract.js';
import { Refused } from '../problem.js';
import { readBody } from '../security/read-body.js';
import { objectIdOf } from './settings.js';

type Begun = { readonly connectionId: string; readonly tenantId: string };

const LONGEST_ANSWER = 8_192;

/** The session is of one visitor and one company: whoever else brings the answer has not begun it. */
const sessionOf = (request: ConsoleRequest, connectionId: string): string => {
  const { name, session } = request.get('visitor');
  return JSON.stringify([connectionId, name, session ?? null]);
};

const applicationOf = ({ graph: { auth, cloud } }: Reach, tenantId: string) => {
  if (auth.kind === 'token')
    throw new Refused(409, 'not-set-up', 'A fixed token belongs to no app that could be consented to.');
  return { tenantId, clientId: auth.clientId, cloud, authority: auth.authority };
};

/**
 * An administrator of the tenant consents to the app registration. The way is as the package has it (`adminConsentUrl`,
 * `completeAdminConsent`): a state that is taken once, from the visitor who began, and a tenant that is verified by signing in.
 */
export const addConsent = (api: Hono<ConsoleEnv>, parts: Parts): void => {
  /** By visitor the newest that was begun: Microsoft leads everybody back to one address. */
  const begun = new Map<string, Begun>();
  const visitorOf = (request: ConsoleRequest): string => {
    const { name, session } = request.get('visitor');
    return JSON.stringify([name, session ?? null]);
  };

  api.post('/companies/:company/consent', async (request) => {
    const { engineOf, stored } = await knownOf(parts, request);
    const { connectionId } = engineOf ?? stored;
    const { tenantId: given } = await readBody(request.req.raw, t.type({ tenantId: t.string }));
    const tenantId = objectIdOf('tenantId', given);
    const reach = await reachOf(parts, connectionId);
    const application = applicationOf(reach, tenantId);
    const url = await reach.withCache((cache) =>
      adminConsentUrl({
        ...application,
        cache,
        redirectUri: redirectUriOf(parts, request),
        session: sessionOf(request, connectionId),
      }),
    );
    begun.set(visitorOf(request), { connectionId, tenantId });
    return request.json<ConsentBegun>({ url });
  });

  api.post('/consent', async (request) => {
    const { answer } = await readBody(request.req.raw, t.type({ answer: t.string }));
    const latest = begun.get(visitorOf(request));
    if (latest === undefined || answer.length > LONGEST_ANSWER || !URL.canParse(answer.trim()))
      throw new Refused(
        409,
        'invalid-request',
        latest === undefined
          ? 'You have begun no consent here, or the console was started again since: begin it again.'
          : 'Give the whole address that the browser was led back to.',
      );
    const { connectionId, tenantId } = latest;
    const reach = await reachOf(parts, connectionId);
    const application = applicationOf(reach, tenantId);
    const given = await reach.withCache((cache) =>
      completeAdminConsent({
        ...application,
        cache,
        redirectUri: redirectUriOf(parts, request),
        session: sessionOf(request, connectionId),
        graph: reach.graph,
        engine: reach.engine,
        answer: new URL(answer.trim()),
      }),
    );
    begun.delete(visitorOf(request));
    return request.json<ConsentGiven>({ ...given, connectionId });
  });
};
