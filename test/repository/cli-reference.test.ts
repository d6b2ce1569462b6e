import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addVerbs } from '../../packages/cli/src/command-line/add-verbs.js';
import { read } from './tree.js';

/** Every command that can be typed, by its words. */
const commandsOf = (command: Command, before: ReadonlyArray<string>): ReadonlyArray<readonly [string, Command]> =>
  command.commands.flatMap((each) => {
    const words = [...before, each.name()];
    return [[words.join(' '), each] as const, ...commandsOf(each, words)];
  });

const program = new Command('directory-sync');
addVerbs(program, {});
const commands = commandsOf(program, []);

/** What stands in back quotes in the first cells of the verbs' table. */
const documented = (read('docs/reference/cli.md').split('\n## Verbs\n')[1]?.split('\n## ')[0] ?? '')
  .split('\n')
  .flatMap((line) => {
    const cell = line.split('|')[1] ?? '';
    return cell.includes('`') ? [[...cell.matchAll(/`([^`]+)`/g)].map(([, words = '']) => words)] : [];
  });

const verbOf = (words: string): string =>
  commands
    .map(([name]) => name)
    .filter((name) => words === name || words.startsWith(`${name} `))
    .sort((one, other) => other.length - one.length)[0] ?? `nothing: ${words}`;

test('every verb of the command line is in its reference, and nothing else is', () => {
  // A verb that is nothing without a second word is documented by those.
  const typed = commands.filter(
    ([, { commands: below, registeredArguments }]) => below.length === 0 || registeredArguments.length > 0,
  );
  const told = new Set(documented.flatMap((row) => row.slice(0, 1)).map(verbOf));
  expect(typed.map(([name]) => name).filter((name) => !told.has(name))).toEqual([]);
  expect([...told].filter((name) => name.startsWith('nothing'))).toEqual([]);
});

test.each(commands.map(([name, command]) => [name, command] as const))(
  'every option of "%s" is in its rows',
  (name, command) => {
    const rows = documented
      .filter(([first = '']) => verbOf(first) === name)
      .flat()
      .join(' ');
    const missing = command.options
      .map(({ long }) => long ?? '')
      .filter((long) => long !== '--help' && !rows.includes(long));
    expect(missing).toEqual([]);
  },
);

/** What is understood by every verb stands in a table of its own. */
const ofAll = (read('docs/reference/cli.md').split('\n## Verbs\n')[0] ?? '').match(/--[a-z-]+/g) ?? [];

test.each(commands.map(([name, command]) => [name, command] as const))(
  'no option stands in the rows of "%s" that it does not take',
  (name, command) => {
    const rows = documented.filter(([first = '']) => verbOf(first) === name).flat();
    const taken = new Set([...command.options.map(({ long }) => long ?? ''), ...ofAll]);
    const shown = rows.flatMap((words) => words.match(/--[a-z-]+/g) ?? []);
    expect(shown.filter((option) => !taken.has(option))).toEqual([]);
  },
);
