import { openEventStoreDbEventLog } from '@learnamp/directory-sync-event-log-eventstoredb';
import { makeMemoryProjections } from '@learnamp/directory-sync-event-sourcing';
import { eventLogConformance, type LogDamage } from '@learnamp/directory-sync-event-sourcing/conformance';
import { startEventStore } from '@learnamp/directory-sync-simulator/eventstoredb';
import { describe, it } from 'vitest';

// The same suite, on the wire fake always, and on a real server where one is named. It leaves streams of its own behind.
const url = process.env['EVENTSTORE_URL'];

const openAt = (connectionString: string, close: () => void, damage?: LogDamage) => {
  const options = { connectionString, projections: makeMemoryProjections() };
  let log = openEventStoreDbEventLog(options);
  return {
    log,
    capabilities: ['durable'] as const,
    damage,
    reopen: async () => {
      await log.close();
      log = openEventStoreDbEventLog(options);
      return log;
    },
    close: async () => {
      await log.close();
      close();
    },
  };
};

eventLogConformance({
  name: 'EventStoreDB, wire fake',
  describe,
  it,
  open: async () => {
    const server = await startEventStore();
    const { tamper, softDelete } = server.streams;
    const bytes = (text: string | undefined) => (text === undefined ? undefined : Buffer.from(text));
    return openAt(server.connectionString, server.close, {
      rewrite: (stream, revision, text) => {
        const [data, metadata] = [bytes(text.data), bytes(text.metadata)];
        tamper(stream, revision, { ...(data && { data }), ...(metadata && { metadata }) });
      },
      cutOff: softDelete,
    });
  },
});

eventLogConformance({
  name: url === undefined ? 'EventStoreDB (left out: EVENTSTORE_URL names no server)' : 'EventStoreDB, a real server',
  describe: describe.skipIf(url === undefined),
  it,
  open: () => Promise.resolve(openAt(url ?? '', () => undefined)),
});
