import { setMaxListeners } from 'node:events';
import { makeGovernor } from '../http/governor.js';
import { makeSend } from '../http/send.js';
import { makeToldGate } from '../http/told-gate.js';
import { makeTokenSource, type TokenSource } from '../http/token-source.js';
import { makeTurns } from './make-turns.js';
import type { RestContext } from './rest-context.js';
import { parseBaseUrl, type LearnAmpSettings, type LearnAmpWorld } from './rest-settings.js';
import { makeTeamDirectory } from './team-directory.js';

const checkAuth = (auth: LearnAmpSettings['auth']): void => {
  if (auth.kind === 'token') {
    if (!/^[\x21-\x7e]+$/.test(auth.token))
      throw new Error('learnAmp.auth.token must be one word of printable characters.');
  } else if (auth.clientId === '' || auth.clientSecret === '')
    throw new Error('learnAmp.auth needs a clientId and a clientSecret.');
};

export type RestClient = {
  readonly context: RestContext;
  readonly tokens: TokenSource;
  /** Calls of the API so far, tokens apart. */
  readonly requestCount: () => number;
  /** Ends every call under way. */
  readonly close: () => void;
};

/** What every call of one client goes through. Throws one sentence for settings that cannot be used. */
export const openRestClient = (settings: LearnAmpSettings, world: LearnAmpWorld): RestClient => {
  checkAuth(settings.auth);
  const { patienceMs, waitsAsTold, encoding = 'form' } = settings;
  const base = parseBaseUrl(settings.baseUrl);
  const closing = new AbortController();
  // One listener for each call under way.
  setMaxListeners(0, closing.signal);
  let requests = 0;
  const gate = makeToldGate(world);
  const tokens = makeTokenSource({ base, patienceMs, waitsAsTold, world, gate }, settings.auth);
  const send = makeSend({
    ...{ base, encoding, patienceMs, waitsAsTold, world, tokens, gate },
    governor: makeGovernor(world),
    closing: closing.signal,
    onRequest: () => void (requests += 1),
  });
  return {
    context: {
      send,
      slot: settings.externalId,
      world,
      teams: makeTeamDirectory(world.now),
      ownersInTurn: makeTurns(),
    },
    tokens,
    requestCount: () => requests,
    close: () => closing.abort(),
  };
};
