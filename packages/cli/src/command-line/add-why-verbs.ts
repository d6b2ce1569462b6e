import type { Command } from 'commander';
import { collect, commonOptions, type Found, time, words } from './arguments.js';

const BY = ['--by <name>', 'on whose behalf; by default who started the command', words('--by', 200)] as const;

/** `why`, `export`, `accesses`. */
export const addWhyVerbs = (program: Command, found: Found): void => {
  program
    .command('why')
    .argument('<user>', 'an object id, a Learn Amp id, or a present address')
    .description('explain one person: what was said of them, what was sent, what waits and until what')
    .option('--live', 'ask Microsoft Graph and Learn Amp now, too; changes nothing', false)
    .option(...BY)
    .action((user: string, { live, by }: { live: boolean; by?: string }) => {
      found.invocation = { ...commonOptions(program, 'why'), verb: 'why', user, live, by };
    });
  program
    .command('export')
    .argument('<user>', 'an object id, a Learn Amp id, or a present address')
    .description('print everything that is stored about one person, as one JSON document')
    .option('--out <file>', 'write it to a new file that only its owner can read')
    .option(...BY)
    .action((user: string, { out, by }: { out?: string; by?: string }) => {
      found.invocation = { ...commonOptions(program, 'export'), verb: 'export', user, out, by };
    });
  program
    .command('accesses')
    .description('list who was shown whose data, oldest first')
    .option('--user <user>', 'only looks at this person, or at everybody; may be repeated', collect, [])
    .option('--from <time>', 'recorded at this time or later', time('--from'))
    .action(({ user, from }: { user: ReadonlyArray<string>; from?: Date }) => {
      found.invocation = { ...commonOptions(program, 'accesses'), verb: 'accesses', users: user, from };
    });
};
