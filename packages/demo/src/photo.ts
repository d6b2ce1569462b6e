import { join } from 'node:path';
import {
  createDirectorySync,
  defaultPreferences,
  defaultScopes,
  mappedAttributes,
  openLearnAmpRest,
  openMicrosoftGraph,
  toObjectId,
  withAvatars,
  type ObjectId,
} from '@learnamp/directory-sync';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';
import type { Simulator } from '@learnamp/directory-sync-simulator';
import { CheckFailed } from './check.js';
import { accountOf } from './compare.js';
import type { Scene } from './scene.js';

const done = { _tag: 'Succeeded', result: 'updated' } as const;

const idOf = (text: string): ObjectId => {
  const id = toObjectId(text);
  if (id === undefined) throw new Error(`${text} is no object id.`);
  return id;
};

/** Learn Amp as a host has it that embeds the package: the REST API, and avatars by a function of its own. */
const portOf = ({ learnAmp, learnAmpUrl, learnAmpClientId, learnAmpClientSecret }: Simulator) =>
  withAvatars(
    openLearnAmpRest({
      baseUrl: learnAmpUrl,
      auth: {
        kind: 'client-credentials',
        clientId: learnAmpClientId,
        clientSecret: learnAmpClientSecret,
        scope: defaultScopes,
      },
      externalId: defaultPreferences.externalId,
      patienceMs: 30_000,
    }),
    {
      set: ({ learnAmpUserId, bytes, mediaType }) => {
        learnAmp.setAvatar(Number(learnAmpUserId), { bytes, mediaType });
        return Promise.resolve(done);
      },
      clear: ({ learnAmpUserId }) => {
        learnAmp.setAvatar(Number(learnAmpUserId), undefined);
        return Promise.resolve(done);
      },
    },
  );

/** The engine in this process, over the same files as the commands. */
const openEmbedded = async (simulator: Simulator, folder: string) => {
  const { tenantId, graphUrl, authorityUrl, clientId, clientSecret, learnAmpUrl } = simulator;
  const logPath = join(folder, 'fabrikam.db');
  return createDirectorySync({
    connectionId: 'fabrikam',
    tenantId: idOf(tenantId),
    groupId: idOf(simulator.scopeGroupId),
    preferences: defaultPreferences,
    ...(await openSqliteStores({ logPath, keysPath: `${logPath}.keys`, localPath: `${logPath}.local` })),
    directory: openMicrosoftGraph({
      tenantId,
      cloud: 'global',
      baseUrl: graphUrl,
      auth: { kind: 'client-secret', authority: authorityUrl, clientId, clientSecret },
      customAttributes: mappedAttributes(defaultPreferences),
      patienceMs: 30_000,
    }),
    learnAmp: portOf(simulator),
    settings: {
      graphBaseUrl: graphUrl,
      graphCredential: `client-secret ${clientId}`,
      learnAmpBaseUrl: learnAmpUrl,
    },
  });
};

export const photoStep = async ({ simulator, folder, narrator, check }: Scene, userId: string): Promise<void> => {
  const { directory, learnAmp } = simulator;
  narrator.step(
    'A photo',
    'Learn Amp takes avatars from a program that embeds the package, not over its public API: here the demo itself is that program, on the same log. Ada uploads a photo.',
  );
  directory.setPhoto(userId);
  const engine = await openEmbedded(simulator, folder);
  try {
    const report = await engine.sync({ actor: 'demo' });
    if (report.error !== undefined) throw new CheckFailed(report.error.message);
    const photos = report.commands.SetAvatar?.succeeded ?? 0;
    const avatar = learnAmp.avatarOf(accountOf(simulator, userId)?.id ?? 0);
    check(
      `The sync brought ${photos} photos; hers is a ${avatar?.mediaType ?? 'missing file'} of ${avatar?.bytes.length ?? 0} bytes.`,
      avatar?.mediaType === 'image/jpeg' && photos > 0,
    );
    const again = await engine.sync({ actor: 'demo' });
    check('The next sync sends none of them again.', again.commands.SetAvatar === undefined);
  } finally {
    await engine.close();
  }
};
