import { testEnvelopes } from '@learnamp/directory-sync-event-sourcing/testing';
import { makeInMemoryProjection } from '@learnamp/directory-sync-event-sourcing';
import { phaseOf, subjectOf, type Command, type CommandKind } from '../commands.js';
import { initialConnection } from '../connection/connection-state.js';
import { evolveConnection } from '../connection/evolve-connection.js';
import { initialDelivered, type DeliveredPerson } from '../delivery/delivered-person.js';
import type { DirectoryPerson } from '../directory/directory-person.js';
import { desire } from '../desire/desire.js';
import type { DirectoryEvent } from '../events/directory-events.js';
import type { CommandId, ObjectId } from '../ids.js';
import { claimsOf } from '../plan/claims.js';
import type { PersonPlan } from '../plan/person-plan.js';
import type { PlanContext } from '../plan/plan-context.js';
import { planPerson } from '../plan/plan-person.js';
import { planTeams } from '../plan/plan-teams.js';
import { defaultPreferences } from '../preferences/default-preferences.js';
import type { Preferences } from '../preferences/preferences.js';
import type { ModelLearnAmp } from './model-learn-amp.js';
import { deliveredPeople, directoryPeople } from './projections.js';

/** What the pure core makes of a log, without an engine: events in, plans out, and receipts of a model back in. */
export type World = {
  preferences: Preferences;
  unsupported: ReadonlySet<CommandKind>;
  /** What the engine knows beside the folds. */
  beside: Partial<PlanContext>;
  readonly record: (...events: ReadonlyArray<DirectoryEvent>) => void;
  /** Everything that was recorded. */
  readonly history: () => ReadonlyArray<DirectoryEvent>;
  readonly person: (userId: ObjectId) => DirectoryPerson | undefined;
  readonly delivered: (userId: ObjectId) => DeliveredPerson;
  readonly plan: (userId: ObjectId) => PersonPlan;
  /** What anybody needs now: commands by their phase, then deactivations. Records what stands in the way of others. */
  readonly wanted: () => ReadonlyArray<Command>;
  /** Sends these as a dispatcher does: noted as dispatched, answered, and after a refusal the rest of that person waits. */
  readonly send: (learnAmp: ModelLearnAmp, commands: ReadonlyArray<Command>) => void;
  /** Plans and sends, phase by phase, until nothing is wanted any more. Returns how many rounds it took. */
  readonly settle: (learnAmp: ModelLearnAmp) => number;
};

const ROUNDS = 20;

export const makeWorld = (preferences: Partial<Preferences> = {}): World => {
  const people = makeInMemoryProjection(directoryPeople);
  const accounts = makeInMemoryProjection(deliveredPeople);
  let connection = initialConnection;
  let revision = 0n;
  const history: DirectoryEvent[] = [];

  const record: World['record'] = (...events) => {
    const envelopes = testEnvelopes(events, { from: revision });
    revision += BigInt(events.length);
    history.push(...events);
    for (const event of envelopes) connection = evolveConnection(connection, event);
    people.apply(envelopes);
    accounts.apply(envelopes);
  };

  const delivered: World['delivered'] = (userId) => accounts.get(userId) ?? initialDelivered(userId);
  const holder = (matches: (person: DeliveredPerson) => boolean): ObjectId | undefined =>
    [...accounts.entries()].find(([, each]) => each.link !== undefined && !each.gone && matches(each))?.[1].userId;

  const world: World = {
    preferences: { ...defaultPreferences, ...preferences },
    unsupported: new Set(),
    beside: {},
    record,
    history: () => history,
    person: (userId) => people.get(userId),
    delivered,
    plan: (userId) => planPerson(context(), userId),
    wanted: () => {
      const plans = [...people.entries()].map(([, { userId }]) => world.plan(userId));
      const teams = planTeams(
        plans.flatMap(({ team }) => team ?? []),
        (key) => key in connection.teams || key in connection.rejectedTeams,
      );
      const standing = plans.flatMap((plan) => plan.standing);
      record(...standing);
      const commands = [
        ...teams,
        ...plans.flatMap(({ commands: own, leaver }) => (leaver === undefined ? own : [...own, leaver])),
      ];
      return commands.sort((left, right) => phaseOf[left.kind] - phaseOf[right.kind]);
    },
    send: (learnAmp, commands) => {
      const waiting = new Set<string>();
      for (const command of commands) {
        const subject = subjectOf(command);
        const claims = claimsOf(command);
        if (waiting.has(subject) || claims.some((claim) => waiting.has(claim))) {
          waiting.add(subject);
          continue;
        }
        for (const claim of claims) waiting.add(claim);
        const item = { commandId: command.kind as string as CommandId, subject, kind: command.kind, mac: '' };
        const graphTime = '2026-03-01T00:00:00Z';
        record({ type: 'CommandsDispatched', data: { plannerVersion: 1, graphTime, items: [item] } });
        const answer = learnAmp.execute(command);
        record(...answer);
        if (!answer.some(({ type }) => type === 'CommandSucceeded')) waiting.add(subject);
      }
    },
    settle: (learnAmp) => {
      for (let round = 0; round < ROUNDS; round++) {
        const [first, ...rest] = world.wanted();
        if (first === undefined) return round;
        world.send(
          learnAmp,
          [first, ...rest].filter(({ kind }) => phaseOf[kind] === phaseOf[first.kind]),
        );
      }
      throw new Error(`After ${ROUNDS} rounds still wanted: ${JSON.stringify(world.wanted())}`);
    },
  };

  const context = (): PlanContext => ({
    preferences: world.preferences,
    person: (userId) => people.get(userId),
    delivered,
    desired: (person) => desire(world.preferences, person),
    team: (key) => connection.teams[key],
    holderOfEmail: (email) => holder((each) => each.email?.toLowerCase() === email),
    holderOfAccount: (learnAmpUserId) => holder((each) => each.link === learnAmpUserId),
    unsupported: world.unsupported,
    ...world.beside,
  });

  return world;
};
