import { startSimulator } from '@learnamp/directory-sync-simulator';

// A made-up company behind its two servers, in a process of its own, so that its work and its memory are not the engine's.
// From the build: `npm run bench` makes it first.
//
//   node serve-company.js '{ "people": 10000, "outsiders": 1000, "latencyMs": 0 }'
//
// A page of groups shrinks where groups are large (seen: from 200 groups down to one), so none holds more than 10,000 members.
const { people, outsiders, latencyMs } = JSON.parse(process.argv[2]);
const simulator = await startSimulator({
  seed: 1,
  company: { people, outsiders, photos: 0, existingAccounts: 0 },
  graph: { pageSize: { min: 500, max: 500 }, sliceSize: { min: 20, max: 20 }, duplicates: false, shuffle: false },
});
if (latencyMs > 0) simulator.faults.add({ system: 'graph', action: { delayMs: latencyMs } });
const { graphUrl, authorityUrl, learnAmpUrl, tenantId, scopeGroupId, clientId, clientSecret } = simulator;
process.send?.({ graphUrl, authorityUrl, learnAmpUrl, tenantId, scopeGroupId, clientId, clientSecret });
process.on('message', () => process.send?.(simulator.requests.counts()));
process.on('disconnect', () => process.exit(0));
