import type { AdminConsent } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import type { Terminal } from '../command-line/terminal.js';
import type { Configuration } from '../configuration/configuration.js';
import { graphSettings } from '../connection-settings.js';
import { type ExitCode, WrongUse } from './verb-context.js';

type Surroundings = { readonly terminal: Terminal; readonly redact: (text: string) => string };

const openCache = async ({ storage }: Configuration) => {
  if (storage.kind === 'memory')
    throw new WrongUse('eventLog.kind', 'A consent that is begun in memory is gone with the process.');
  const { openSqliteLocalCache } = await import('@learnamp/directory-sync/sqlite');
  return openSqliteLocalCache({ path: storage.localPath });
};

/** Whoever started the command, for this connection: the file of the states is theirs alone already. */
const sessionOf = ({ connectionId }: Configuration, { actor }: Terminal): string =>
  JSON.stringify([connectionId, actor]);

const applicationOf = ({ tenantId, graph: { auth, cloud } }: Configuration) => {
  if (auth.kind === 'token')
    throw new WrongUse('graph.auth', 'A fixed token belongs to no app that could be consented to.');
  return { tenantId, clientId: auth.clientId, cloud, authority: auth.authority };
};

const beginText = (url: string, redirect: string): string =>
  [
    'Have an administrator of the tenant open this within an hour, and accept:',
    '',
    url,
    '',
    `The browser is then led back to ${redirect}. Give the whole address from its address line to "directory-sync consent complete".`,
    '',
  ].join('\n');

const doneText = ({ tenantId, permissions, missing }: AdminConsent): string => {
  const signedIn = `The app signs in to the tenant ${tenantId}.`;
  if (permissions === undefined)
    return `${signedIn} The token does not say what is granted: "directory-sync doctor" tries it.\n`;
  return missing.length === 0
    ? `${signedIn} Granted: ${permissions.join(', ')}. Next: "directory-sync doctor".\n`
    : `${signedIn} Not granted yet: ${missing.join(', ')}. Add them to the app registration as application permissions, or wait some minutes; "directory-sync doctor" tells.\n`;
};

const addressOf = async (
  { address }: Extract<InvocationOf<'consent'>, { readonly action: 'complete' }>,
  terminal: Terminal,
): Promise<URL> => {
  const given =
    address ??
    (terminal.interactive
      ? await terminal.ask('The address that the browser was led back to: ', terminal.stopSignal())
      : undefined);
  if (given === undefined || !URL.canParse(given.trim()))
    throw new WrongUse('address', 'Give the whole address that the browser was led back to, in quotes.');
  return new URL(given.trim());
};

/** `consent` and `consent complete`. No connection is opened: only the tenant, the app and the local file are needed. */
export const consent = async (
  invocation: InvocationOf<'consent'>,
  configuration: Configuration,
  { terminal, redact }: Surroundings,
): Promise<ExitCode> => {
  const application = applicationOf(configuration);
  const session = sessionOf(configuration, terminal);
  const tell = async (told: object, text: string): Promise<void> =>
    writeLast(terminal.out, redact(invocation.json ? `${JSON.stringify(told)}\n` : text));
  const { adminConsentUrl, completeAdminConsent } = await import('@learnamp/directory-sync');
  const answer = invocation.action === 'complete' ? await addressOf(invocation, terminal) : undefined;
  const cache = await openCache(configuration);
  try {
    if (invocation.action === 'begin') {
      const { redirect } = invocation;
      if (redirect.includes('?')) throw new WrongUse('--redirect', '--redirect must be an address without a query.');
      const url = await adminConsentUrl({ ...application, redirectUri: redirect, session, cache }).catch(
        (cause: unknown) => {
          throw cause instanceof TypeError
            ? new WrongUse('--redirect', cause.message.replace('redirectUri', '--redirect'))
            : cause;
        },
      );
      await tell({ url, redirectUri: redirect }, beginText(url, redirect));
      return 0;
    }
    const done = await completeAdminConsent({
      ...application,
      // The state is bound to the address that was asked for, without what was added to it.
      redirectUri: `${answer?.origin ?? ''}${answer?.pathname ?? ''}`,
      session,
      cache,
      answer: answer ?? '',
      graph: graphSettings(configuration, configuration.patienceSeconds * 1_000),
      signal: terminal.stopSignal(),
    });
    await tell(done, doneText(done));
    return done.missing.length === 0 ? 0 : 1;
  } finally {
    await cache.close();
  }
};
