import type { FaultRule, Random, Simulator } from '@learnamp/directory-sync-simulator';
import type { Oracle } from './oracle.js';
import { everythingBelow } from './oracle-rules.js';

const graphFault = (random: Random): FaultRule => {
  const nth = random.integer(1, 6);
  return random.pick<FaultRule>([
    { system: 'graph', nth, action: 'reset' },
    { system: 'graph', nth, action: 'truncate' },
    { system: 'graph', nth, action: { status: 503 } },
    { system: 'graph', nth, action: { status: 500, body: { error: { code: 'UnknownError', message: '' } } } },
    { system: 'graph', nth, action: { status: 429, headers: { 'retry-after': String(random.integer(1, 5)) } } },
    { system: 'graph', path: /delta/, nth: random.integer(1, 4), action: 'html' },
    { system: 'graph', path: /delta/, nth: random.integer(1, 4), action: 'wrongJson' },
    { system: 'graph', from: nth, action: { status: 503 } },
    { system: 'graph', path: /\/users\/[0-9a-f-]{36}$/, nth, action: { status: 503 } },
    { system: 'graph', path: /\/users\/[0-9a-f-]{36}$/, nth, action: { status: 429, headers: { 'Retry-After': '1' } } },
    {
      system: 'graph',
      path: /\/users\/[0-9a-f-]{36}(\/checkMemberGroups)?$/,
      nth,
      action: { status: 404, body: { error: { code: 'Request_ResourceNotFound', message: '' } } },
    },
    { system: 'graph', path: /checkMemberGroups$/, from: 1, action: { status: 403 } },
    { system: 'token', nth: 1, action: { status: 500 } },
  ]);
};

const learnAmpFault = (random: Random): FaultRule => {
  const nth = random.integer(1, 8);
  const method = random.pick(['POST', 'PUT', 'PUT', undefined]);
  const at = { system: 'learnAmp' as const, nth, ...(method === undefined ? {} : { method }) };
  return random.pick<FaultRule>([
    { ...at, action: 'reset' },
    { ...at, action: 'applyThenReset' },
    { ...at, action: 'applyThenReset' },
    { ...at, action: 'truncate' },
    { ...at, action: { status: 500 } },
    { ...at, action: { rewrite: () => ({ status: 503, headers: {}, body: undefined }) } },
    { ...at, action: { status: 429, headers: { 'retry-after': '2' } } },
    { ...at, action: 'html' },
    { ...at, nth: 1, action: 'applyThenReset' },
    { system: 'learnAmp', from: nth, action: { status: 503 } },
    { system: 'learnAmp', from: nth, action: 'reset' },
    { system: 'learnAmp', method: 'PUT', from: nth, action: 'applyThenReset' },
    { system: 'token', nth: random.integer(1, 2), action: { status: 503 } },
  ]);
};

/**
 * `groups/delta` says that somebody left who did not: no account may be deactivated on its word. Only of people with one
 * place, and a manager who is there: of others it would go unnoticed, or take away what is known of their manager.
 */
const falseLeave = ({ directory, scopeGroupId }: Simulator, random: Random, oracle: Oracle): FaultRule | undefined => {
  const below = everythingBelow(directory, scopeGroupId);
  const placesOf = (id: string): ReadonlyArray<string> =>
    directory.groups().flatMap((group) => (below.has(group.id) && group.memberIds.has(id) ? [group.id] : []));
  const [victim] = random.shuffle(
    directory.users().filter(({ id, managerId }) => {
      const boss = managerId === undefined ? undefined : directory.find(managerId);
      return oracle.accountOf(id)?.active === true && boss?.presence === 'live' && placesOf(id).length === 1;
    }),
  );
  if (victim === undefined) return undefined;
  const [groupId] = placesOf(victim.id);
  const member = { '@odata.type': '#microsoft.graph.user', id: victim.id, '@removed': { reason: 'deleted' } };
  const lie = { id: groupId, 'members@delta': [member] };
  return {
    system: 'graph',
    path: /groups\/.*delta/,
    action: {
      rewrite: (response) => {
        const body = response.body as { readonly value?: ReadonlyArray<unknown> } | undefined;
        return body?.value === undefined ? response : { ...response, body: { ...body, value: [...body.value, lie] } };
      },
    },
  };
};

export type PlannedFaults = {
  readonly words: string;
  /** What was said is believed until it was contradicted twice, and read again after that. */
  readonly lie: boolean;
};

/** What goes wrong during one sync. */
export const planFaults = (simulator: Simulator, random: Random, oracle: Oracle): PlannedFaults => {
  const lie = random.chance(0.15) ? falseLeave(simulator, random, oracle) : undefined;
  if (lie !== undefined) {
    simulator.faults.add(lie);
    return { words: 'somebody is said to have left', lie: true };
  }
  const rules = Array.from({ length: random.integer(1, 3) }, () =>
    random.chance(0.5) ? graphFault(random) : learnAmpFault(random),
  );
  for (const rule of rules) simulator.faults.add(rule);
  if (random.chance(0.15)) {
    // Page tokens age while a round is read.
    let left = random.integer(1, 3);
    simulator.faults.add({
      system: 'graph',
      match: ({ query }) => {
        if (query.has('$skiptoken') || query.has('$skipToken')) left -= 1;
        if (left === 0) simulator.expirePageTokens();
        return false;
      },
      action: { status: 500 },
    });
  }
  const words = rules.map((rule) =>
    JSON.stringify(rule, (_key, value: unknown) => (value instanceof RegExp ? value.source : value)),
  );
  return { words: words.join(' '), lie: false };
};
