import type { Command } from '@learnamp/directory-sync-domain';
import { claimsOf, phaseOf, planTeams } from '@learnamp/directory-sync-domain';
import type { PlanningContext } from '../observe/cycle-context.js';
import { jobOf, type Job, type Sender } from './dispatch.js';
import { dissolveHolds, heldCreations, releaseLeavers } from './hold-back.js';
import { wantedTeams, type Planner } from './plan-now.js';

/** Rounds of plan and send; a command that failed is refused from then on, so each round has less to do. */
const ROUNDS = 8;

const commandsIn = (
  planner: Planner,
  phases: ReadonlyArray<number>,
  allowed: (command: Command) => boolean = () => true,
): ReadonlyArray<Job> => {
  const jobs: Job[] = [];
  for (const [userId, { commands }] of planner.plans()) {
    const now = commands.filter((command) => phases.includes(phaseOf[command.kind]) && allowed(command));
    if (now.length > 0) jobs.push(jobOf(userId, now));
  }
  return jobs;
};

/** @param again whether teams that Learn Amp refused before are asked for once more */
const ensureTeams = async (
  cycle: PlanningContext,
  planner: Planner,
  dispatcher: Sender,
  again: boolean,
): Promise<void> => {
  const { teams, rejectedTeams } = cycle.state.connection();
  const missing = planTeams(wantedTeams(planner), (key) => key in teams || (!again && key in rejectedTeams));
  await dispatcher.send(missing.map((command) => ({ subject: command.teamKey, commands: [command] })));
  planner.refresh();
};

/** Two people who want one address or one account: the first asks for it, the second is planned again with the answer. */
const oneEach = (jobs: ReadonlyArray<Job>): ReadonlyArray<Job> => {
  const claimed = new Set<string>();
  return jobs.filter(({ commands }) => {
    const claims = commands.flatMap(claimsOf);
    if (claims.some((claim) => claimed.has(claim))) return false;
    for (const claim of claims) claimed.add(claim);
    return true;
  });
};

/** Accounts and profiles: create, adopt, return, then addresses, profiles and custom fields, strictly in order within a person. */
const bringAccounts = async (cycle: PlanningContext, planner: Planner, dispatcher: Sender): Promise<void> => {
  for (let round = 0; round < ROUNDS; round++) {
    const creations = commandsIn(planner, [2]).flatMap(({ commands }) => commands);
    const held = await heldCreations(cycle, creations);
    const jobs = commandsIn(planner, [2, 3], (command) => command.kind !== 'CreateUser' || !held.has(command.userId));
    if (jobs.length === 0) return;
    await dispatcher.send(oneEach(jobs));
    planner.refresh();
  }
};

/** Facts about the plan itself (waiting for a manager, a conflict, a parked command): recorded when they change. */
const recordStanding = async (cycle: PlanningContext, planner: Planner): Promise<void> => {
  await cycle.recorder.record(() => [...planner.plans()].flatMap(([, { standing }]) => standing));
  planner.refresh();
};

/**
 * The order of one plan (learnamp.md 7.6): teams, accounts and profiles, primary teams, managers, and deactivations last,
 * after reports have their new managers. Each step is planned on what the one before left behind.
 */
export const deliver = async (cycle: PlanningContext, planner: Planner, sender: Sender): Promise<void> => {
  const dispatcher: Sender = {
    ...sender,
    send: (jobs) => {
      planner.sending(jobs.flatMap(({ commands }) => commands));
      return sender.send(jobs);
    },
  };
  await planner.start();
  await dissolveHolds(cycle);
  planner.refresh();
  for (let round = 0; round < 2; round++) {
    await ensureTeams(cycle, planner, dispatcher, cycle.full && round === 0);
    await bringAccounts(cycle, planner, dispatcher);
    // Of people who had to wait for an address, and got it just now.
    await ensureTeams(cycle, planner, dispatcher, false);
    // By now everybody has an account: one call can carry a person's team and manager. Avatars have a lane of their own.
    for (const phases of [[4, 5], [7]]) {
      await dispatcher.send(commandsIn(planner, phases));
      planner.refresh();
    }
    if (!(await dispatcher.observeDoubted())) break;
    planner.refresh();
  }
  const leavers = await releaseLeavers(cycle, planner);
  await dispatcher.send(leavers.map((command) => jobOf(command.userId, [command])));
  planner.refresh();
  await recordStanding(cycle, planner);
};

/** What would be sent first, in counts: shown before the first dispatch of a connection. */
export const plannedCounts = async (
  cycle: PlanningContext,
  planner: Planner,
): Promise<Readonly<Partial<Record<Command['kind'], number>>>> => {
  await planner.start();
  const counts: Partial<Record<Command['kind'], number>> = {};
  const add = (kind: Command['kind']): void => {
    counts[kind] = (counts[kind] ?? 0) + 1;
  };
  const { teams } = cycle.state.connection();
  for (const { kind } of planTeams(wantedTeams(planner), (key) => key in teams)) add(kind);
  for (const [, { commands, leaver }] of planner.plans()) {
    for (const { kind } of commands) add(kind);
    if (leaver !== undefined) add('DeactivateUser');
  }
  return counts;
};
