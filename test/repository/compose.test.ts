import { openEventStoreDbEventLog } from '@learnamp/directory-sync-event-log-eventstoredb';
import { makeMemoryProjections } from '@learnamp/directory-sync-event-sourcing';
import { format } from 'prettier';
import { describe, expect, test } from 'vitest';
import { read } from './tree.js';

const folder = 'docs/how-to/eventstoredb';
const page = 'docs/how-to/run-on-eventstoredb.md';
const paths = ['compose.yaml', 'compose-cluster.yaml'].map((name) => `${folder}/${name}`);

/** The lines of each service. */
const servicesOf = (text: string): ReadonlyMap<string, string> => {
  const section = /^services:\n((?: .*\n|\n)+)/m.exec(text)?.[1] ?? '';
  const parts = section.split(/^ {2}(\w+):\n/m).slice(1);
  return new Map(parts.flatMap((name, index) => (index % 2 === 0 ? [[name, parts[index + 1] ?? ''] as const] : [])));
};
const valueOf = (service: string, key: string): string | undefined =>
  new RegExp(`^ *(?:- )?${key}: '?([^'\\n]*)'?$`, 'm').exec(service)?.[1];

describe.each(paths)('%s', (path) => {
  const text = read(path);

  test('is YAML, and named on the page', async () => {
    // The formatter refuses what is none.
    expect(await format(text, { parser: 'yaml', singleQuote: true, printWidth: 120 })).toBe(text);
    await expect(format(`${text}\n  - stray: [`, { parser: 'yaml' })).rejects.toThrow();
    expect(read(page)).toContain(`](eventstoredb/${path.split('/').at(-1) ?? ''})`);
  });

  test('names exact images and holds no password', () => {
    const images = [...text.matchAll(/^ +image: (.*)$/gm)].map(([, image]) => image);
    expect(images.length).toBeGreaterThan(0);
    for (const image of images) expect(image).toMatch(/:\d+\.\d+\.\d+/);
    for (const [, value] of text.matchAll(/PASSWORD: (.*)$/gm)) expect(value).toMatch(/^'?\$\{\w+:\?/);
  });

  test('says the connection string, which the log understands', async () => {
    const [, said = ''] = /^# Connection string: (\S+)$/m.exec(text) ?? [];
    expect(read(page)).toContain(said);
    const ports = [...text.matchAll(/'(?:127\.0\.0\.1:)?(\d+):2113'/g)].map(([, port]) => port);
    expect(ports).toEqual([...said.matchAll(/localhost:(\d+)/g)].map(([, port]) => port));
    // The file of the authority is not here.
    const connectionString = said.replace(/&tlsCAFile=.*/, '');
    await openEventStoreDbEventLog({ connectionString, projections: makeMemoryProjections() }).close();
  });
});

test('the nodes of the cluster seek the other two, and their certificates name where they are', () => {
  const services = servicesOf(read(paths[1] ?? ''));
  expect([...services.keys()]).toEqual(['certificates', 'node1', 'node2', 'node3']);
  const nodes = [...services].filter(([name]) => name !== 'certificates');
  const addresses = nodes.map(([, node]) => valueOf(node, 'ipv4_address'));
  expect(new Set(addresses).size).toBe(3);
  for (const [name, node] of nodes) {
    const own = valueOf(node, 'ipv4_address');
    expect(valueOf(node, 'EVENTSTORE_REPLICATION_IP')).toBe(own);
    const others = addresses.filter((address) => address !== own).map((address) => `${address}:2113`);
    expect(valueOf(node, 'EVENTSTORE_GOSSIP_SEED')?.split(',')).toEqual(others);
    expect(node).toContain(`'./certs/${name}:/certs/node:ro'`);
    expect(node).toContain(`'${valueOf(node, 'EVENTSTORE_ADVERTISE_NODE_PORT_TO_CLIENT_AS')}:2113'`);
    // The key of the authority is no node's business.
    expect(node).not.toContain('certs/ca');
    const pattern = own?.replace(/\d$/, '$$$$n') ?? '';
    expect(services.get('certificates')).toContain(`-ip-addresses 127.0.0.1,${pattern} `);
  }
});
