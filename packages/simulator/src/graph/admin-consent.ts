import type { DirectoryModel, Permission } from '../directory/directory-model.js';
import { json, type SimulatedRequest, type SimulatedResponse } from '../http/exchange.js';
import { randomFrom } from '../random.js';

/** What the administrator in front of the page does. */
export type ConsentChoice =
  /** Grants these, by default what the app registration asks for: users and groups. */
  | { readonly does: 'grants'; readonly permissions?: ReadonlyArray<Permission> }
  | { readonly does: 'declines' }
  /** Is signed in to another tenant and grants there: nothing changes in this one. */
  | { readonly does: 'grants-elsewhere' };

export type AdminConsent = {
  /** From now on. Default: grants. */
  readonly decide: (choice: ConsentChoice) => void;
};

type Parts = {
  readonly seed: number;
  readonly directory: DirectoryModel;
  readonly tenantId: string;
  readonly clientId: string;
};

const page = (status: number, code: number, message: string): SimulatedResponse =>
  json(status, { error: 'invalid_request', error_description: `AADSTS${code}: ${message}` });

/** Entra's page of the admin consent, as the browser of an administrator who decides at once sees it (v2-admin-consent). */
export const makeAdminConsent = ({ seed, directory, tenantId, clientId }: Parts) => {
  let choice: ConsentChoice = { does: 'grants' };

  const answerOf = (isV2: boolean): Readonly<Record<string, string>> => {
    switch (choice.does) {
      case 'grants': {
        for (const permission of choice.permissions ?? (['users', 'groups'] as const)) directory.grant(permission);
        return { admin_consent: 'True', tenant: tenantId };
      }
      case 'grants-elsewhere':
        return { admin_consent: 'True', tenant: randomFrom(seed, 'other-tenant').uuid() };
      case 'declines':
        // The newer form says that there is a consent also where there is none.
        return isV2
          ? {
              admin_consent: 'True',
              error: 'consent_required',
              error_description: 'AADSTS65004: The resource owner or authorization server denied the request.',
            }
          : { error: 'permission_denied', error_description: 'The admin canceled the request.' };
    }
  };

  /** `GET /{tenant}/v2.0/adminconsent`, and the older form without the version. */
  const endpoint = ({ query, method }: SimulatedRequest, tenant: string, isV2: boolean): SimulatedResponse => {
    if (method !== 'GET') return json(405, { error: 'invalid_request' });
    const redirect = query.get('redirect_uri') ?? '';
    if (query.get('client_id') !== clientId) return page(400, 700016, 'The application was not found.');
    if (!URL.canParse(redirect)) return page(400, 50011, 'The redirect URI does not match the configured ones.');
    if (isV2 && !/^https:\/\/[a-z0-9.-]+\/\.default$/.test(query.get('scope') ?? ''))
      return page(400, 70011, 'The scope is not valid.');
    if (![tenantId, 'common', 'organizations'].includes(tenant.toLowerCase()))
      return page(400, 90002, `Tenant '${tenant}' not found.`);
    const location = new URL(redirect);
    const state = query.get('state');
    const said = { ...answerOf(isV2), ...(state === null ? {} : { state }) };
    for (const [name, value] of Object.entries(said)) location.searchParams.set(name, value);
    return { status: 302, headers: { location: location.href }, body: undefined };
  };

  return {
    endpoint,
    decide: (next: ConsentChoice): void => {
      choice = next;
    },
  };
};
