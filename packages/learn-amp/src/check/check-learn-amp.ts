import { openRestClient } from '../rest/open-rest-client.js';
import type { LearnAmpSettings, LearnAmpWorld } from '../rest/rest-settings.js';
import { checkAccess } from './check-access.js';
import {
  checkAccounts,
  checkEmail,
  checkExternalId,
  checkOneAccount,
  checkOwners,
  checkStatuses,
} from './check-accounts.js';
import { checkCustomFields, checkTeams } from './check-teams.js';
import { skipped, type LearnAmpCheck } from './learn-amp-check.js';

/** What is checked beyond what every sync relies on. */
export type CheckOptions = {
  /** Custom fields that the preferences write into. */
  readonly customFields?: ReadonlyArray<string> | undefined;
  readonly signal?: AbortSignal | undefined;
};

const afterAccounts = ['one-account', 'external-id', 'email', 'statuses', 'owners', 'custom-fields'] as const;

const nothing = new AbortController().signal;

/**
 * Looks at what the engine relies on in a real Learn Amp, one check after the other. Asks for a token and reads; it writes nothing.
 *
 * Throws one sentence for settings that cannot be used.
 */
export async function* checkLearnAmp(
  settings: LearnAmpSettings,
  world: LearnAmpWorld,
  { customFields = [], signal = nothing }: CheckOptions = {},
): AsyncGenerator<LearnAmpCheck, void> {
  const client = openRestClient(settings, world);
  const { context } = client;
  try {
    const access = await checkAccess(client, { settings, world, signal });
    yield* access.checks;
    if (!access.hasToken) {
      yield* (['accounts', ...afterAccounts, 'teams'] as const).map(skipped);
      return;
    }
    const { checks, found } = await checkAccounts(context, signal);
    yield* checks;
    if (found === undefined) yield* afterAccounts.map(skipped);
    else {
      const [some] = found.accounts;
      yield await checkOneAccount(context, some, signal);
      yield await checkExternalId(context, found, signal);
      yield await checkEmail(context, some, signal);
      yield await checkStatuses(context, found, signal);
      yield await checkOwners(context, signal);
      yield checkCustomFields(customFields, some);
    }
    yield await checkTeams(context, signal);
  } finally {
    client.close();
  }
}
