import type { Command } from 'commander';
import { commonOptions, type Found } from './arguments.js';

/** Nothing listens there: the browser shows an error, and its address line holds the answer. */
export const DEFAULT_REDIRECT = 'http://localhost/directory-sync-consent';

/** `consent`, `consent complete`. */
export const addConsent = (program: Command, found: Found): void => {
  const consent = program
    .command('consent')
    .helpCommand(false)
    .description('show the address at which an administrator of the tenant consents to the app')
    .option(
      '--redirect <address>',
      `where the browser is led back to, as registered on the app; by default ${DEFAULT_REDIRECT}`,
      DEFAULT_REDIRECT,
    )
    .action(({ redirect }: { redirect: string }) => {
      found.invocation = { ...commonOptions(program, 'consent'), verb: 'consent', action: 'begin', redirect };
    });
  consent
    .command('complete')
    .argument('[address]', 'the whole address that the browser was led back to; asked for on a terminal')
    .description('check the answer, and that the app can sign in to the tenant now')
    .action((address: string | undefined) => {
      found.invocation = { ...commonOptions(program, 'consent'), verb: 'consent', action: 'complete', address };
    });
};
