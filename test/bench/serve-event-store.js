import { startEventStore } from '@learnamp/directory-sync-simulator/eventstoredb';

// The stand-in for the server in a process of its own, as a server is. From the build: `npm run bench` makes it first.
const server = await startEventStore();
process.stdout.write(`${server.connectionString}\n`);
process.on('disconnect', () => process.exit(0));
