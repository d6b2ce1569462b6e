import {
  EventStoreDbConnectionRefused,
  openEventStoreDbEventLog,
} from '@learnamp/directory-sync-event-log-eventstoredb';
import { makeMemoryProjections } from '@learnamp/directory-sync-event-sourcing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectStream, open, outcomeOf, records, serve } from './open-log.js';
import { selfSigned } from './self-signed.js';

const stream = 'directorySync-contoso';
const credentials = { username: 'engine', password: 'p@ss:w/rd?&%' };

describe('login and TLS', () => {
  let folder: string;
  let authority: string;
  const tls = selfSigned();
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eventstoredb-'));
    authority = join(folder, 'ca.pem');
    await writeFile(authority, tls.certificate);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('stand in the connection string, and every call carries the login over TLS', async () => {
    const server = await serve({ tls, credentials });
    const log = open(server, {
      connectionString: `${server.connectionString}&tlsCAFile=${encodeURIComponent(authority)}`,
    });
    const batch = records(3);
    expect(outcomeOf(await log.append(stream, 'no-stream', batch)())).toBe('2');
    await expectStream(log, stream, batch);
    const login = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
    expect(new Set(server.calls.map(({ authorization }) => authorization))).toEqual(new Set([`Basic ${login}`]));
  });

  it('a wrong password is answered at once, and the failure does not hold it', async () => {
    const server = await serve({ tls, credentials });
    const right = encodeURIComponent(credentials.password);
    const connectionString = `${server.connectionString.replace(right, 'wrong-secret')}&tlsCAFile=${encodeURIComponent(authority)}`;
    const log = open(server, { connectionString, patience: { retryMs: 60_000 } });
    const answer = await log.append(stream, 'no-stream', records(1))();
    expect(outcomeOf(answer)).toBe('LogUnavailable');
    expect(JSON.stringify(answer)).not.toContain('wrong-secret');
    expect(server.streams.stream(stream)).toBeUndefined();
  });

  it('no call reaches a server whose certificate is not trusted', async () => {
    const server = await serve({ tls, credentials });
    const log = open(server, { patience: { callMs: 300, retryMs: 300 } });
    expect(outcomeOf(await log.append(stream, 'no-stream', records(1))())).toBe('LogUnavailable');
    expect(server.calls).toEqual([]);
  });

  it('without TLS the login is not sent', async () => {
    const server = await serve();
    const connectionString = server.connectionString.replace('esdb://', 'esdb://engine:secret@');
    const log = open(server, { connectionString });
    expect(outcomeOf(await log.append(stream, 'no-stream', records(1))())).toBe('0');
    expect(server.calls.every(({ authorization }) => authorization === undefined)).toBe(true);
  });
});

describe('a connection string', () => {
  it.each([
    ['of another protocol', 'https://engine:hidden@host:2113'],
    ['without hosts', 'esdb://engine:hidden@'],
    ['with a path', 'esdb://engine:hidden@host:2113/db'],
    ['with an @ in the password', 'esdb://engine:hid@den@host:2113'],
    ['with a : in the password', 'esdb://engine:hid:den@host:2113'],
    ['with a user alone', 'esdb://hidden@host:2113'],
    ['with a port that is none', 'esdb://engine:hidden@host:port'],
    ['with an unknown option', 'esdb://engine:hidden@host:2113?tls=true&tlz=false'],
    ['with an option without a value', 'esdb://engine:hidden@host:2113?tls='],
    ['with a value that is none', 'esdb://engine:hidden@host:2113?tls=perhaps'],
    ['that turns verification off, which has no effect', 'esdb://engine:hidden@host:2113?tlsVerifyCert=false'],
    ['that turns throwing off', 'esdb://engine:hidden@host:2113?throwOnAppendFailure=false'],
    ['with a certificate authority that is not there', 'esdb://engine:hidden@host:2113?tlsCAFile=/no/such/file'],
  ])('%s is refused, and neither the error nor the terminal shows what is in it', (_title, connectionString) => {
    const printed = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error'), vi.spyOn(console, 'log')];
    let refused: unknown;
    try {
      openEventStoreDbEventLog({ connectionString, projections: makeMemoryProjections() });
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(EventStoreDbConnectionRefused);
    const { message, cause, ...rest } = refused as Error;
    expect(`${message} ${JSON.stringify(rest)}`).not.toMatch(/hid|den@/);
    expect(cause).toBeUndefined();
    for (const spy of printed) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });

  it.each([
    'esdb://localhost?tls=false',
    'esdb://localhost:2113?tls=false',
    'esdb://engine:secret@a:2113,b:2113,c:2113?tls=true&nodePreference=leader',
    'esdb+discover://engine:p%40ss%3A@cluster.example:2113?connectionName=directory-sync&keepAliveInterval=10000',
  ])('%s is understood', async (connectionString) => {
    await openEventStoreDbEventLog({ connectionString, projections: makeMemoryProjections() }).close();
  });

  it('has one client in a process, which lives as long as one of its logs', async () => {
    const server = await serve();
    const [one, two] = [open(server), open(server)];
    await one.append(stream, 'no-stream', records(1))();
    await one.close();
    await one.close();
    expect(outcomeOf(await two.append(stream, 0n, records(1))())).toBe('1');
    const clients = () => new Set(server.calls.map(({ client }) => client)).size;
    expect(clients()).toBe(1);
    await two.close();
    expect(outcomeOf(await open(server).append(stream, 1n, records(1))())).toBe('2');
    expect(clients()).toBe(2);
  });
});
