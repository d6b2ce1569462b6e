import type { Command } from 'commander';
import { listed } from '../configuration/reader.js';
import { commonOptions, type Found } from './arguments.js';
import { projections } from './invocation.js';
import { withoutAddresses } from './redact.js';
import { UsageMistake } from './usage-mistake.js';

/** `rebuild`. */
export const addRebuild = (program: Command, found: Found): void => {
  program
    .command('rebuild')
    .argument('[name]', `one projection alone: ${projections.join(', ')}`)
    .description('fold the log into new rows of the local database; the log stays as it is')
    .option('--verify', 'compare only: change nothing, exit code 1 where a row differs', false)
    .option('--list', 'only tell where every projection stands, and at which event it stopped', false)
    .action((name: string | undefined, { verify, list }: { verify: boolean; list: boolean }) => {
      const projection = projections.find((known) => known === name);
      if (name !== undefined && projection === undefined) {
        const shown = withoutAddresses(name.slice(0, 64));
        throw new UsageMistake('name', `There is no projection "${shown}"; name ${listed(projections)}.`);
      }
      if (list && verify)
        throw new UsageMistake('--list', '--list only tells where projections stand: leave out --verify.');
      found.invocation = { ...commonOptions(program, 'rebuild'), verb: 'rebuild', projection, verify, list };
    });
};
