import { describe, expect, test } from 'vitest';
import type { Parsed } from './invocation.js';
import { parseArguments } from './parse-arguments.js';

const parse = (words: string): Parsed => parseArguments(words.split(' ').filter((word) => word !== ''));

const common = { configs: ['./directory-sync.json'], json: false, verbose: false, color: true };

test.each([
  ['sync', { verb: 'sync', full: false, dryRun: false, yes: false, photos: true }],
  ['sync --full --dry-run --yes --no-photos', { verb: 'sync', full: true, dryRun: true, yes: true, photos: false }],
  ['sync --user a@b.example', { verb: 'sync', user: 'a@b.example', full: false, dryRun: false }],
  ['sync --config x.json --json', { verb: 'sync', configs: ['x.json'], json: true }],
  ['--config x.json --json sync', { verb: 'sync', configs: ['x.json'], json: true }],
  ['status --verbose --no-color', { verb: 'status', verbose: true, color: false, watch: false }],
  ['status --watch --config a.json --config b.json', { verb: 'status', configs: ['a.json', 'b.json'], watch: true }],
  ['--config a.json run --config b.json --json', { verb: 'run', configs: ['a.json', 'b.json'], json: true }],
  ['pause --reason maintenance --by Ann', { verb: 'pause', reason: 'maintenance', by: 'Ann' }],
  ['resume', { verb: 'resume', reason: undefined, by: undefined }],
  ['rebuild', { verb: 'rebuild', projection: undefined, verify: false, list: false }],
  ['rebuild memberships --verify', { verb: 'rebuild', projection: 'memberships', verify: true, list: false }],
  ['rebuild --list', { verb: 'rebuild', projection: undefined, verify: false, list: true }],
  ['people', { verb: 'people', users: [] }],
  ['people --user a@b.example --user 12', { verb: 'people', users: ['a@b.example', '12'] }],
  ['events', { verb: 'events', from: undefined, to: undefined, types: [], users: [], follow: false }],
  ['events --follow --type A', { verb: 'events', types: ['A'], follow: true }],
  [
    'events --from 3 --to 9223372036854775807 --type A --type B --user 7',
    { verb: 'events', from: 3n, to: 9223372036854775807n, types: ['A', 'B'], users: ['7'] },
  ],
  ['people --by Ann', { verb: 'people', users: [], by: 'Ann' }],
  ['why a@b.example', { verb: 'why', user: 'a@b.example', live: false, by: undefined }],
  ['why 7 --live --by Ann', { verb: 'why', user: '7', live: true, by: 'Ann' }],
  ['export 7 --out a.json', { verb: 'export', user: '7', out: 'a.json', by: undefined }],
  [
    'accesses --user 7 --from 2026-01-31',
    { verb: 'accesses', users: ['7'], from: new Date('2026-01-31T00:00:00.000Z') },
  ],
  ['replay', { verb: 'replay' }],
])('"%s" is understood', (words, expected) => {
  expect(parse(words)).toEqual({
    _tag: 'Run',
    invocation: expect.objectContaining({ ...common, ...expected }) as unknown,
  });
});

describe('a mistake in the words is one sentence', () => {
  test.each([
    ['sync --frobnicate', '--frobnicate', "Unknown option '--frobnicate'."],
    ['sync --ful', '--ful', "Unknown option '--ful' (Did you mean --full?)"],
    ['snyc', 'snyc', "Unknown command 'snyc' (Did you mean sync?)"],
    ['sync now', '', "Too many arguments for 'sync'. Expected 0 arguments but got 1."],
    ['sync --config', '--config', "Option '--config <file>' argument missing."],
    ['events --from -1', '--from', '--from must be the revision of an event: a whole number from 0.'],
    ['events --to ten', '--to', '--to must be the revision of an event: a whole number from 0.'],
    ['events --from 3 --to 2', '--from', '--from must not be greater than --to.'],
    [
      'sync --user 7 --yes',
      '--yes',
      '--yes is for the first sync of a connection, before which no person is synced alone: leave it out.',
    ],
    ['sync --user 7 --no-photos', '--no-photos', '--user leaves photos alone in any case: leave --no-photos out.'],
    ['sync --user 7 --full', '--full', '--full reads everybody, --user one person: give one of the two.'],
    [
      'sync --user 7 --dry-run',
      '--dry-run',
      '--dry-run has no --user: "directory-sync why USER --live" asks both sides about one person and sends nothing.',
    ],
    ['pause', '--reason', "Required option '--reason <reason>' not specified."],
    ['pause --reason ', '--reason', "Option '--reason <reason>' argument missing."],
    [
      'sync --config a --config b',
      '--config',
      'The verb sync takes one --config; run, console and status take several.',
    ],
    [
      'rebuild membership',
      'name',
      'There is no projection "membership"; name connection, directory-people, delivered-people or memberships.',
    ],
    ['rebuild --list --verify', '--list', '--list only tells where projections stand: leave out --verify.'],
    ['log', '', 'The verb log takes a second word: "log head", "log export" or "log import".'],
    ['--json keys', '', 'The verb keys takes a second word: "keys rotate" or "keys rewrap".'],
    ['accesses --from tomorrow', '--from', '--from must be a time such as 2026-01-31 or 2026-01-31T09:30:00Z.'],
    ['accesses --from 3', '--from', '--from must be a time such as 2026-01-31 or 2026-01-31T09:30:00Z.'],
    ['console --port 99999', '--port', '--port must be a number from 0 (any that is free) to 65535.'],
    ['console --port home', '--port', '--port must be a number from 0 (any that is free) to 65535.'],
    ['', '', 'Say what to do, such as "directory-sync sync"; --help lists the verbs.'],
    ['--json', '', 'Say what to do, such as "directory-sync sync"; --help lists the verbs.'],
  ])('"%s"', (words, path, message) => {
    const parsed = parse(words);
    expect(parsed).toMatchObject({ _tag: 'Mistake', message });
    if (path !== '') expect(parsed).toMatchObject({ path });
  });

  test('that does not repeat an address', () => {
    expect(JSON.stringify(parse('sync --usr=anna@contoso.example'))).not.toContain('anna');
    expect(JSON.stringify(parse('anna@contoso.example'))).not.toContain('anna');
  });
});

test('--help lists the verbs', () => {
  const parsed = parse('--help');
  const text = parsed._tag === 'Print' ? parsed.text : '';
  for (const verb of ['sync', 'run', 'pause', 'resume', 'status', 'people', 'events', 'replay', 'rebuild'])
    expect(text).toContain(`  ${verb} `);
  expect(text).toContain('Exit codes');
});

test('the help of a verb shows its flags, the common ones, and none of a later version', () => {
  const help = (words: string): string => {
    const parsed = parse(words);
    return parsed._tag === 'Print' ? parsed.text : '';
  };
  for (const flag of ['--from', '--to', '--type', '--user', '--follow', '--config', '--json'])
    expect(help('events --help')).toContain(flag);
  expect(help('sync --help')).toContain('--full');
  expect(help('sync --help')).toContain('--user');
  for (const each of ['--help', 'replay --help', 'keys --help', 'keys rotate --help'])
    expect(help(each)).not.toMatch(/default: (\[\]|false)|help \[command\]/);
});

test('--version prints the version', () => {
  expect(parse('--version')).toEqual({ _tag: 'Print', text: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as unknown });
});
