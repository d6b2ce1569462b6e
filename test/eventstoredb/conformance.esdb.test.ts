import { openEventStoreDbEventLog } from '@learnamp/directory-sync-event-log-eventstoredb';
import { makeMemoryProjections } from '@learnamp/directory-sync-event-sourcing';
import { eventLogConformance } from '@learnamp/directory-sync-event-sourcing/conformance';
import { startEventStore } from '@learnamp/directory-sync-simulator/eventstoredb';
import { describe, it } from 'vitest';

// The same suite, on the wire fake always, and on a real server where one is named. It leaves streams of its own behind.
const url = process.env['EVENTSTORE_URL'];

const openAt = (connectionString: string, close: () => void) => {
  const options = { connectionString, projections: makeMemoryProjections() };
  let log = openEventStoreDbEventLog(options);
  return {
    log,
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
  capabilities: [],
  durable: true,
  open: async () => {
    const server = await startEventStore();
    return openAt(server.connectionString, server.close);
  },
});

eventLogConformance({
  name: url === undefined ? 'EventStoreDB (left out: EVENTSTORE_URL names no server)' : 'EventStoreDB, a real server',
  describe: describe.skipIf(url === undefined),
  it,
  capabilities: [],
  durable: true,
  open: () => Promise.resolve(openAt(url ?? '', () => undefined)),
});
