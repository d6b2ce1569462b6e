import type { DirectorySync, SignedHead, VerifyReport } from '@learnamp/directory-sync';
import { writeFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { soundConfiguration, writeConfiguration } from '../testing/test-configuration.js';
import { json, run } from '../testing/run-words.js';

const hash = 'ab'.repeat(32);
const report: VerifyReport = {
  ok: true,
  events: 1_234,
  head: { revision: '1233', hash },
  checks: [
    { name: 'chain', checked: 1_234, differences: 0, first: [], counts: {} },
    { name: 'commands', checked: 40, differences: 0, first: [], counts: { 'derived again': 40 } },
  ],
  durationMs: 2_000,
};
const faulty: VerifyReport = {
  ...report,
  ok: false,
  checks: [
    {
      name: 'chain',
      checked: 1_234,
      differences: 22,
      first: [{ revision: '9', type: 'UserJoinedGroup', what: 'does not follow.' }],
      counts: {},
    },
    { name: 'commands', checked: 4, differences: 0, first: [], counts: {}, incomplete: 'Ends at revision 9.' },
  ],
};
const signed: SignedHead = {
  stream: 'directorySync-contoso',
  revision: '1233',
  hash,
  at: '2026-03-02T08:00:00.000Z',
  keyId: 'k1',
  publicKey: '-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----\n',
  signature: 'c2lnbmVk',
};

const answering = (answer: VerifyReport) => {
  const asked: unknown[] = [];
  const verify: DirectorySync['verify'] = async (options) => {
    asked.push(options?.head);
    return answer;
  };
  return { connection: { verify }, asked };
};

describe('verify', () => {
  it('tells a line a check, how much, and how fast, and writes nothing', async () => {
    const { connection } = answering(report);
    const { code, stdout, opened } = await run('verify', { connection });
    expect(code).toBe(0);
    expect(opened).toMatchObject([{ readOnly: true }]);
    expect(stdout).toContain('derived again 40');
    expect(stdout).toContain('Verified: 1,234 events in 2.0 s (617 events a second), up to revision 1233');
    expect(json((await run('verify --json', { connection })).stdout)).toEqual(report);
  });

  it('ends with 1 where something differs, names the first of it, and says what was not looked at', async () => {
    const { code, stdout } = await run('verify', { connection: answering(faulty).connection });
    expect(code).toBe(1);
    expect(stdout).toContain('chain: revision 9, UserJoinedGroup: does not follow.');
    expect(stdout).toContain('chain: and 21 more.');
    expect(stdout).toContain('commands derived again: Ends at revision 9.');
    expect(stdout).toContain('Not as it should be: ');
  });

  it('asks for a head as a hash, with its revision, or as the file that was written', async () => {
    const { connection, asked } = answering(report);
    const folder = writeConfiguration(soundConfiguration);
    writeFileSync(join(folder, 'head.json'), JSON.stringify(signed));
    await run(`verify --head ${hash}`, { connection });
    await run(`verify --head 12:${hash}`, { connection });
    await run('verify --head head.json', { connection, folder });
    expect(asked).toEqual([{ hash }, { hash, revision: 12n }, signed]);
  });

  it.each([
    ['12:abc', /neither a hash, nor revision:hash, nor a file/],
    ['missing.json', /neither a hash, nor revision:hash, nor a file/],
    ['directory-sync.json', /is not one that "log head --out" wrote/],
  ])('refuses %s as a head', async (head, message) => {
    const { connection, asked } = answering(report);
    const { code, stderr } = await run(`verify --head ${head}`, { connection });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(asked).toEqual([]);
  });
});

describe('log head', () => {
  const connection = { signedHead: async () => signed };

  it('prints the head with its signature and public key', async () => {
    const { code, stdout } = await run('log head', { connection });
    expect(code).toBe(0);
    for (const part of [hash, signed.signature, 'BEGIN PUBLIC KEY', 'revision 1233']) expect(stdout).toContain(part);
    expect(json((await run('log head --json', { connection })).stdout)).toEqual(signed);
  });

  it('writes a new file and replaces none', async () => {
    const { code, folder } = await run('log head --out head.json', { connection });
    expect(code).toBe(0);
    expect(JSON.parse(await readFile(join(folder, 'head.json'), 'utf8'))).toEqual(signed);
    const again = await run('log head --out head.json', { connection, folder });
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('exists already');
  });

  it('of an empty log is none', async () => {
    const { code, stderr } = await run('log head', { connection: { signedHead: async () => null } });
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'The log is empty: it has no head yet.\n' });
  });
});

describe('log export', () => {
  const exportLog = async function* () {
    yield* await Promise.resolve(['{"format":"directory-sync-log/1"}', '{"sha256":"x","records":0,"head":null}']);
  };

  it('prints the lines, or writes them to a new file for its owner alone', async () => {
    const { stdout } = await run('log export', { connection: { exportLog } });
    expect(stdout.split('\n')).toHaveLength(3);
    const { folder, code } = await run('log export --out log.ndjson', { connection: { exportLog } });
    expect(code).toBe(0);
    const path = join(folder, 'log.ndjson');
    expect(await readFile(path, 'utf8')).toBe(stdout);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('leaves no half of a file behind', async () => {
    const failing = async function* () {
      yield await Promise.resolve('{"format":"directory-sync-log/1"}');
      throw new Error('away');
    };
    const { folder, code } = await run('log export --out log.ndjson', { connection: { exportLog: failing } });
    expect(code).toBe(1);
    await expect(stat(join(folder, 'log.ndjson'))).rejects.toThrow('ENOENT');
  });
});

describe('log import', () => {
  const inFiles = { ...soundConfiguration, eventLog: { kind: 'sqlite', path: './contoso.db' } };

  it.each([
    ['a file that is not there', undefined, /cannot be read \(ENOENT\)/],
    ['another file', '{"a":1}\n', /Line 1 is not a line of an exported log/],
    ['half a file', '', /not the whole of an exported log/],
  ])('refuses %s with one sentence', async (_, text, message) => {
    const folder = writeConfiguration(inFiles);
    if (text !== undefined) writeFileSync(join(folder, 'log.ndjson'), text);
    const { code, stderr } = await run('log import log.ndjson', { folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
