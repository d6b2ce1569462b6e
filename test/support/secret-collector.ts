import type { SimulatedRequest, SimulatedResponse, Simulator } from '@learnamp/directory-sync-simulator';

/** The kinds of text that a life leaves behind and that may be shown in few places or none. */
export type Secrets = {
  readonly bearers: () => ReadonlyArray<string>;
  readonly linkTokens: () => ReadonlyArray<string>;
  readonly clientStates: () => ReadonlyArray<string>;
};

const textsOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
};

/** The part of a link that reads a tenant's changes for whoever has an access token as well. */
const tokensOf = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/token=([\w~.%-]{16,})/gi)].map(([, token = '']) => token);

/** Notes what goes over the wire of both systems, and changes nothing. */
export const collectSecrets = (simulator: Simulator): Secrets => {
  const found = { bearers: new Set<string>(), links: new Set<string>(), states: new Set<string>() };
  const note = ({ headers, body, path }: SimulatedRequest): false => {
    const [, bearer] = /^Bearer (.+)$/i.exec(headers['authorization'] ?? '') ?? [];
    if (bearer !== undefined) found.bearers.add(bearer);
    if (path.includes('/subscriptions')) {
      const [, state] = /"clientState":"([^"]+)"/.exec(body.toString()) ?? [];
      if (state !== undefined) found.states.add(state);
    }
    return false;
  };
  const noteAnswer = (response: SimulatedResponse): SimulatedResponse => {
    for (const text of textsOf(response.body)) for (const token of tokensOf(text)) found.links.add(token);
    return response;
  };
  simulator.faults.add({ match: note, action: { status: 500 } });
  simulator.faults.add({ system: 'graph', path: /delta/, action: { rewrite: noteAnswer } });
  return {
    bearers: () => [...found.bearers],
    linkTokens: () => [...found.links],
    clientStates: () => [...found.states],
  };
};
