/**
 * A host in an empty project, run by test/repository/package.test.ts: it syncs one company by files, keeps it in step as the README
 * shows, stops, and ends by itself.
 */
import { openMemoryStores, toObjectId } from '@learnamp/directory-sync';
import { connectionOf } from '../examples/company.js';
import { syncCompany, type Company } from '../examples/embedding.js';
import { keepInStep, syncUsers } from '../examples/running.js';

type Given = {
  readonly company: Omit<Company, 'tenantId' | 'groupId'> & { readonly tenantId: string; readonly groupId: string };
  readonly at: {
    readonly folder: string;
    readonly graph: string;
    readonly authority: string;
    readonly learnAmp: string;
  };
  readonly port: number;
};

const { company: given, at, port } = JSON.parse(process.argv[2] ?? '') as Given;
const [tenantId, groupId] = [toObjectId(given.tenantId), toObjectId(given.groupId)];
if (tenantId === undefined || groupId === undefined) throw new Error('An id is no GUID.');
const company: Company = { ...given, tenantId, groupId };

const { ok, people } = await syncCompany(company, at);

const told: string[] = [];
const nowhere = { write: () => Promise.resolve(), remove: () => Promise.resolve() };
const { engine, stop } = await keepInStep(
  {
    stores: openMemoryStores(),
    publicUrl: `http://127.0.0.1:${port}/hooks/graph`,
    connections: [connectionOf({ ...company, connectionId: 'in-step' }, nowhere, at)],
    pages: (_request, response) => response.writeHead(404).end(),
    tell: (line) => told.push(line),
  },
  port,
);
const pressed = await syncUsers(engine, 'in-step', 'Ann');
await stop();

console.log(JSON.stringify({ ok, people, pressed, told }));
