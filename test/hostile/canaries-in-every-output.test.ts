import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FaultAction, startSimulator, type Simulator } from '@learnamp/directory-sync-simulator';
import { expect, onTestFinished, test } from 'vitest';
import { canariesIn } from '../support/canaries.js';
import { commandLineIn, type InProcess } from '../support/command-line-in-process.js';
import { sqliteFolder } from '../support/connect.js';
import { makeCertificate } from '../support/made-certificate.js';
import { canaries as personal, canaryName, canaryProfile } from '../support/person-canary.js';
import { collectSecrets } from '../support/secret-collector.js';
import { calm, personNamed } from '../support/stage.js';

const HOUR = 3_600_000;
const passphrase = 'passphrase-canary-8h2L';
const made = makeCertificate({ from: new Date(Date.now() - HOUR), to: new Date(Date.now() + 1000 * HOUR) });
/** What the far ends say in words: it may repeat what was sent, so it is shown nowhere. Codes and ids of requests are shown. */
const inErrors = 'canary of an error 7wPz';
const inLinks = 'canaryOfALink7wPz';
const code = 'codeOfAnError';

type Output = {
  /** With the words that call it for the person. */
  readonly words: (user: string) => string;
  /** It is for the eyes of whoever asks, and shows people. */
  readonly showsPeople?: true;
};

/** Every verb, with what it may show on standard output. On standard error none shows anything. */
const verbs: Readonly<Record<string, Output>> = {
  sync: { words: () => 'sync --verbose' },
  'sync --json': { words: () => 'sync --full --verbose --json' },
  'sync --user': { words: (user) => `sync --user ${user} --verbose`, showsPeople: true },
  'sync --dry-run': { words: () => 'sync --dry-run --verbose' },
  preview: { words: () => 'preview --json --verbose' },
  'preview --names': { words: () => 'preview --names --verbose', showsPeople: true },
  reconcile: { words: () => 'reconcile --json --verbose' },
  status: { words: () => 'status --verbose' },
  'status --json': { words: () => 'status --json' },
  doctor: { words: () => 'doctor --verbose' },
  'doctor --json': { words: () => 'doctor --json' },
  'doctor --names': { words: () => 'doctor --names', showsPeople: true },
  'doctor --learn-amp': { words: () => 'doctor --learn-amp --json' },
  held: { words: () => 'held --json', showsPeople: true },
  parked: { words: () => 'parked --json', showsPeople: true },
  people: { words: () => 'people --json', showsPeople: true },
  why: { words: (user) => `why ${user} --live`, showsPeople: true },
  export: { words: (user) => `export ${user}`, showsPeople: true },
  accesses: { words: () => 'accesses --json' },
  events: { words: () => 'events --json', showsPeople: true },
  replay: { words: () => 'replay --json', showsPeople: true },
  'replay --history': { words: () => 'replay --history --json' },
  state: { words: () => 'state --at 30 --json', showsPeople: true },
  diff: { words: () => 'diff --from 5 --to 30 --json', showsPeople: true },
  verify: { words: () => 'verify --json' },
  'log head': { words: () => 'log head' },
  'log export': { words: () => 'log export' },
  rebuild: { words: () => 'rebuild --json' },
  'rebuild --verify': { words: () => 'rebuild --verify --json' },
  'rebuild --list': { words: () => 'rebuild --list --json' },
  pause: { words: () => 'pause --reason canary --by Dora' },
  resume: { words: () => 'resume --reason canary --by Dora' },
  retry: { words: () => 'retry --all' },
  'held approve': { words: () => 'held approve --by Dora --reason looked' },
  'held reject': { words: () => 'held reject --by Dora --reason looked' },
  'keys rotate': { words: (user) => `keys rotate --user ${user}` },
  'keys rewrap': { words: () => 'keys rewrap' },
  consent: { words: () => 'consent --redirect https://localhost/consent' },
  'consent complete': {
    words: () =>
      `consent complete https://localhost/consent?state=${inLinks}&error=declined&error_description=${inLinks}`,
  },
  restore: { words: () => 'restore nowhere' },
  'log import': { words: () => 'log import log.db' },
  'backup twice': { words: () => 'backup kept' },
  // The last two end what is looked at.
  disconnect: { words: () => 'disconnect --reason canary --by Dora' },
};

/** Served, not printed: held by tests of their own. */
const stays = ['run', 'run --console', 'console', 'erase'];

/** Where people may stand on the disk. */
const clearOnDisk = (file: string): boolean => /^log\.db\.local|^canary-person\.json/.test(file);

/** What is said where something is refused: in the body in each place, in headers, and in what leads on. */
const refusals = (status: number, echoed: string): FaultAction => ({
  rewrite: (_answer, request) => {
    const says = `${inErrors} ${echoed} ${request.body.toString().slice(0, 2_000)} ${request.headers['authorization'] ?? ''}`;
    return {
      status,
      headers: { 'request-id': inErrors, 'x-request-id': says.replace(/[^\x20-\x7e]/g, ''), 'retry-after': '0' },
      body: {
        error: { code, message: says, innerError: { code: says, 'request-id': inErrors } },
        error_description: `AADSTS7000215: ${says}`,
        errors: [{ field: inErrors, message: says }, says],
        message: says,
        [inErrors]: says,
      },
    };
  },
});

const troubles = (simulator: Simulator): ReadonlyArray<() => { readonly remove: () => void }> => {
  const { faults } = simulator;
  const own = `${simulator.graphUrl}/users/delta?$skiptoken=${inLinks}`;
  return [
    ...[400, 401, 403, 410, 503].map((status) => () => faults.add({ system: 'graph', action: refusals(status, own) })),
    ...[400, 401, 422, 500].map(
      (status) => () => faults.add({ system: 'learnAmp', path: /\/v1\//, action: refusals(status, canaryName) }),
    ),
    ...[401, 503].map(
      (status) => () => faults.add({ system: 'learnAmp', path: /oauth/, action: refusals(status, canaryName) }),
    ),
    ...[400, 401].map((status) => () => faults.add({ system: 'token', action: refusals(status, canaryName) })),
    () => faults.add({ action: 'reset' }),
    () => faults.add({ action: 'html' }),
  ];
};

type Printed = { readonly output: string; readonly stream: 'stdout' | 'stderr'; readonly text: string };

const filesIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [entry.name] : [],
  );

/** A company with a person whose every value is a canary, read by a command line that signs in by a certificate. */
const openLife = async () => {
  const simulator = await startSimulator({ seed: 8, company: { people: 12 }, graph: calm });
  onTestFinished(simulator.close);
  const { folder, remove } = await sqliteFolder();
  onTestFinished(remove);
  const user = simulator.directory.addUser(personNamed(canaryName, canaryProfile));
  simulator.directory.addMember(simulator.scopeGroupId, user);
  const { configuration, env } = simulator.config();
  const secretFolder = await sqliteFolder();
  onTestFinished(secretFolder.remove);
  const [pem, key] = ['app.pem', 'app.key'].map((name) => join(secretFolder.folder, name));
  await writeFile(pem ?? '', made.certificate);
  await writeFile(key ?? '', made.encryptedKey(passphrase));
  simulator.appCredentials.registerCertificate(made.certificate);
  const auth = {
    kind: 'certificate',
    authority: simulator.authorityUrl,
    clientId: simulator.clientId,
    certificate: { file: pem },
    privateKey: { file: key },
    passphrase: { env: 'PASSPHRASE' },
  };
  const line = await commandLineIn(
    folder,
    {
      ...configuration,
      graph: { baseUrl: simulator.graphUrl, auth },
      eventLog: { kind: 'sqlite', path: './log.db' },
      patienceSeconds: 1,
    },
    { ...env, PASSPHRASE: passphrase },
  );
  return { simulator, folder, line, user };
};

const runEach = async (
  line: InProcess,
  user: string,
  names: ReadonlyArray<string>,
): Promise<ReadonlyArray<Printed>> => {
  const printed: Printed[] = [];
  for (const output of names) {
    const { stdout, stderr } = await line.run(verbs[output]?.words(user) ?? output);
    printed.push({ output, stream: 'stdout', text: stdout }, { output, stream: 'stderr', text: stderr });
  }
  return printed;
};

/** Which of the texts stand in what was printed: by output, and never the text itself. */
const foundIn = (
  printed: ReadonlyArray<Printed>,
  kind: string,
  texts: ReadonlyArray<string>,
): ReadonlyArray<string> => [
  ...new Set(
    printed.flatMap(({ output, stream, text }) =>
      texts.some((each) => text.toLowerCase().includes(each.toLowerCase())) ? [`${kind}: ${output} (${stream})`] : [],
    ),
  ),
];

test('every verb of the documents stands in the table of outputs', () => {
  const rows = readFileSync(new URL('../../docs/reference/cli.md', import.meta.url), 'utf8');
  const documented = [...rows.matchAll(/^\| `([a-z]+(?: (?!FILE|U\b)[a-z]+)?)/gm)].map(([, verb = '']) => verb);
  expect(documented.length).toBeGreaterThan(30);
  const known = [...Object.keys(verbs).map((name) => verbs[name]?.words('x') ?? ''), ...stays];
  expect(documented.filter((verb) => !known.some((words) => `${words} `.startsWith(`${verb} `)))).toEqual([]);
});

test(
  'a secret stands in no output of the command line and in no file, and people where they are asked for alone',
  { timeout: 180_000 },
  async () => {
    const { simulator, folder, line, user } = await openLife();
    const wire = collectSecrets(simulator);
    const printed: Printed[] = [...(await runEach(line, user, ['sync --yes --verbose']))];
    for (const [index, trouble] of troubles(simulator).entries()) {
      simulator.directory.updateUser(user, {
        jobTitle: index % 2 === 0 ? 'Zymurgist of canaries' : 'Vexillologist of canaries',
      });
      const fault = trouble();
      printed.push(...(await runEach(line, user, index % 3 === 0 ? ['sync', 'status --json', 'doctor'] : ['sync'])));
      if (index % 5 === 0)
        printed.push(...(await runEach(line, user, ['why', 'reconcile', 'preview', 'doctor --learn-amp'])));
      fault.remove();
    }
    simulator.expireDeltaTokens();
    printed.push(...(await runEach(line, user, ['sync', 'sync --json'])));
    // Enough leave to be held, the canary among them.
    for (const person of [user, ...simulator.company.people.slice(2, 9)]) simulator.directory.deleteUser(person);
    printed.push(...(await runEach(line, user, ['sync', 'export --out canary-person.json', 'backup kept'])));
    printed.push(...(await runEach(line, user, Object.keys(verbs))));

    const secrets: Readonly<Record<string, ReadonlyArray<string>>> = {
      'client secret': [simulator.clientSecret, encodeURIComponent(simulator.clientSecret)],
      passphrase: [passphrase],
      'certificate key': made.privateKey.split('\n').filter((text) => text.length > 60),
      'Learn Amp secret': [simulator.learnAmpClientSecret],
      bearer: wire.bearers(),
      'link token': wire.linkTokens(),
      'words of the far end': [inErrors, inLinks],
    };
    expect(wire.bearers().length).toBeGreaterThan(2);
    expect(wire.linkTokens().length).toBeGreaterThan(10);
    for (const [kind, texts] of Object.entries(secrets)) {
      expect(foundIn(printed, kind, texts)).toEqual([]);
      expect(canariesIn(folder, texts).length, `${kind} in a file`).toBe(0);
    }
    const showing = foundIn(printed, 'person', personal);
    const allowed = Object.keys(verbs).filter((name) => verbs[name]?.showsPeople);
    expect(showing.filter((each) => !allowed.some((name) => each === `person: ${name} (stdout)`))).toEqual([]);
    // They were there to be found.
    expect(showing).toContain('person: events (stdout)');
    const standing = new Set(canariesIn(folder, personal).map((found) => found.split(': ')[0] ?? ''));
    expect([...standing].filter((file) => !clearOnDisk(file))).toEqual([]);
    expect([...standing].some(clearOnDisk)).toBe(true);
    expect(filesIn(folder)).toEqual(expect.arrayContaining(['log.db', 'log.db.keys', 'log.db.local']));
  },
);
