import { adminConsentUrl, completeAdminConsent, openMemoryStores, openSyncEngine } from '@learnamp/directory-sync';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { expect, it, onTestFinished } from 'vitest';
import { graphSettingsOf } from '../../support/simulator-settings.js';

it('two routes of a web page are all that a host adds', async () => {
  const simulator = await startSimulator({ seed: 9, company: { people: 0 } });
  onTestFinished(simulator.close);
  const engine = openSyncEngine({ stores: openMemoryStores() });
  onTestFinished(() => engine.stop());
  const { cache } = openMemoryStores();
  const graph = graphSettingsOf(simulator, 5_000);
  const { tenantId, clientId, authorityUrl: authority } = simulator;
  const redirectUri = 'https://host.example/consented';

  // #region routes
  const application = { tenantId, clientId, authority, redirectUri, cache };

  const begin = async (session: string): Promise<string> => adminConsentUrl({ ...application, session });

  const led = async (session: string, answer: string): Promise<string> => {
    const { missing } = await completeAdminConsent({ ...application, session, answer, graph, engine });
    return missing.length === 0 ? 'Connected.' : `Not granted yet: ${missing.join(', ')}`;
  };
  // #endregion routes

  const page = await simulator.fetch(await begin('ann'), { redirect: 'manual' });
  expect(await led('ann', page.headers.get('location') ?? '')).toBe('Connected.');
});
