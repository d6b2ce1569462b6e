// Reads a company for the first time and prints what that took as JSON. Nothing is delivered: the first sync is declined
// before its first dispatch, so that what is measured is reading, recording, folding and planning.
//
//   node initial-sync.js '{ "mode": "engine", "company": { ... }, "folder": "..." }'
//
// - floor: every page of the users and of the groups, fetched and parsed, and put into a map by id. Measured the second time, so
//   that what a process takes to get going, which weighs little in a large company, does not make the floor of a small one high.
// - engine: the cycle, over SQLite files.
import {
  createDirectorySync,
  defaultPreferences,
  mappedAttributes,
  openMicrosoftGraph,
} from '@learnamp/directory-sync';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';
import { join } from 'node:path';

const { mode, company, folder } = JSON.parse(process.argv[2]);
const { graphUrl, authorityUrl, tenantId, scopeGroupId, clientId, clientSecret } = company;

let peakHeap = 0;
const sample = () => {
  peakHeap = Math.max(peakHeap, process.memoryUsage().heapUsed);
};

const tokenOf = async () => {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'https://graph.microsoft.com/.default',
  });
  const response = await fetch(`${authorityUrl}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body });
  return (await response.json()).access_token;
};

/** A server that is starved closes connections that are about to be used again. */
const textAt = async (link, authorization, tries = 5) => {
  try {
    return await (await fetch(link, { headers: { authorization } })).text();
  } catch (error) {
    if (tries === 1) throw error;
    return textAt(link, authorization, tries - 1);
  }
};

const pagesFrom = async (address, authorization, take) => {
  let pages = 0;
  for (let link = address; link !== undefined; pages += 1) {
    const page = JSON.parse(await textAt(link, authorization));
    for (const item of page.value) take(item);
    link = page['@odata.nextLink'];
  }
  return pages;
};

const floor = async () => {
  const authorization = `Bearer ${await tokenOf()}`;
  const people = new Map();
  const groups = new Map();
  const select =
    'accountEnabled,department,displayName,employeeHireDate,givenName,jobTitle,mail,manager,officeLocation,preferredLanguage,surname,userPrincipalName,userType';
  const pages =
    (await pagesFrom(`${graphUrl}/users/delta?$select=${select}`, authorization, (item) => people.set(item.id, item))) +
    (await pagesFrom(`${graphUrl}/groups/delta?$select=members`, authorization, (item) => groups.set(item.id, item)));
  sample();
  return { people: people.size, pages };
};

/** A company without an account, to which nothing is ever sent. */
async function* nothing() {
  yield* [];
}
const refuse = () => Promise.reject(new Error('Nothing is delivered here.'));
const learnAmp = {
  accounts: nothing,
  teams: nothing,
  findAccount: () => refuse,
  execute: refuse,
  requestCount: () => 0,
  hasOwnDeadlines: true,
  close: () => Promise.resolve(),
};

const engine = async () => {
  const logPath = join(folder, 'log.db');
  const stores = await openSqliteStores({ logPath, keysPath: `${logPath}.keys`, localPath: `${logPath}.local` });
  const settings = { graphBaseUrl: graphUrl, graphCredential: 'secret', learnAmpBaseUrl: 'none' };
  const directory = openMicrosoftGraph({
    tenantId,
    cloud: 'global',
    baseUrl: graphUrl,
    auth: { kind: 'client-secret', authority: authorityUrl, clientId, clientSecret },
    customAttributes: mappedAttributes(defaultPreferences),
  });
  const sync = createDirectorySync({
    connectionId: 'bench',
    tenantId,
    groupId: scopeGroupId,
    preferences: defaultPreferences,
    ...stores,
    directory,
    learnAmp,
    settings,
  });
  const timer = setInterval(sample, 20);
  const report = await sync.sync({ photos: false, onProgress: sample, confirmFirstSync: () => Promise.resolve(false) });
  clearInterval(timer);
  if (report.error?.code !== 'declined') throw new Error(JSON.stringify(report.error ?? report));
  await sync.close();
  return { people: report.events.UserJoinedGroup, requests: report.requests.graph };
};

if (mode === 'floor') await floor();
const [began, before] = [performance.now(), process.cpuUsage()];
const done = await (mode === 'floor' ? floor() : engine());
const { user, system } = process.cpuUsage(before);
process.stdout.write(
  JSON.stringify({
    ...done,
    milliseconds: performance.now() - began,
    cpu: (user + system) / 1_000,
    heapMiB: peakHeap / 2 ** 20,
    rssMiB: process.resourceUsage().maxRSS / 1_024,
  }),
);
