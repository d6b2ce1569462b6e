import { decodePreferences } from '@learnamp/directory-sync';
import * as E from 'fp-ts/lib/Either.js';
import type { Hono } from 'hono';
import * as t from 'io-ts';
import { companyOf, type ConsoleEnv, type Parts } from '../console-context.js';
import { Refused } from '../problem.js';
import { readBody } from '../security/read-body.js';

/** The preferences of a company, and their place to be saved where the host has one. */
export const addPreferences = (api: Hono<ConsoleEnv>, parts: Parts): void => {
  api.get('/companies/:company/preferences', (request) => request.json(companyOf(parts, request).preferences));
  api.put('/companies/:company/preferences', async (request) => {
    const { connectionId } = companyOf(parts, request);
    const { savePreferences } = parts.options;
    if (savePreferences === undefined)
      throw new Refused(
        409,
        'not-saved-here',
        'Preferences are kept where the connection is configured: change them there.',
      );
    const { preferences } = await readBody(request.req.raw, t.type({ preferences: t.unknown }));
    const decoded = decodePreferences(preferences);
    if (E.isLeft(decoded))
      throw new Refused(400, 'invalid-request', decoded.left.map(({ message }) => message).join(' '));
    await savePreferences(connectionId, decoded.right, request.get('visitor'));
    return request.json({});
  });
};
