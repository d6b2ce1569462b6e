import { randomUUID } from 'node:crypto';
import type { LearnAmpAccount } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { teamsListing } from '../commands/ensure-team.js';
import { listPages } from '../rest/list-pages.js';
import { isNotFound } from '../rest/read-answer.js';
import type { RestContext } from '../rest/rest-context.js';
import { failed, noAnswer, note, ok, type LearnAmpCheck } from './learn-amp-check.js';

/** `GET /v1/teams`, its first page, and a team that is not there by its external id. */
export const checkTeams = async (context: RestContext, signal: AbortSignal): Promise<LearnAmpCheck> => {
  const path = `/v1/teams/by_external_id/${randomUUID()}`;
  const route = 'GET /v1/teams/by_external_id/{id}';
  const nobody = await context.send({ method: 'GET', route, path, scope: 'teams:read' }, signal);
  if (E.isLeft(nobody)) return noAnswer('teams', nobody.left.failure);
  if (!isNotFound(nobody.right))
    return failed(
      'teams',
      `A team that is not there is answered with ${String(nobody.right.status)} and not with 404: check learnAmp.baseUrl.`,
    );
  for await (const page of listPages(context.send, teamsListing([]), signal)) {
    if (E.isLeft(page)) return noAnswer('teams', page.left);
    return ok(
      'teams',
      `Teams are listed (${String(page.right.length)} on the first page) and looked up by external id.`,
    );
  }
  return ok('teams', 'There is no team yet; they are looked up by external id.');
};

/** Custom fields the preferences write into. Learn Amp ignores them in silence where they are switched off. */
export const checkCustomFields = (wanted: ReadonlyArray<string>, some: LearnAmpAccount | undefined): LearnAmpCheck => {
  if (wanted.length === 0) return ok('custom-fields', 'No custom field is mapped.');
  if (some === undefined) return note('custom-fields', 'There is no account to see custom fields of.');
  if (some.customFields === undefined)
    return failed(
      'custom-fields',
      'Accounts show no custom fields: they may be switched off for the company, and what is sent would be ignored. Switch them on, or leave customFields out.',
    );
  const missing = wanted.filter((name) => !Object.hasOwn(some.customFields ?? {}, name));
  return missing.length > 0
    ? failed(
        'custom-fields',
        `Learn Amp does not show ${missing.map((name) => `"${name}"`).join(', ')}: create the custom field, or correct customFields in the preferences.`,
      )
    : ok('custom-fields', 'Every mapped custom field is there.');
};
