import type { Command, CommandOf, LearnAmpUserId, ObjectId } from '@learnamp/directory-sync-domain';
import { claimsOf, phaseOf, planTeams } from '@learnamp/directory-sync-domain';
import type { PlanningContext } from '../observe/cycle-context.js';
import { makeAnswers, type Answers } from './answers.js';
import { jobOf, type Job, type Sender } from './dispatch.js';
import { dissolveHolds, heldCreations, releaseLeavers } from './hold-back.js';
import { wantedTeams, type Planner } from './plan-now.js';
import { driftEvents } from './observe-drift.js';
import type { LookEvents } from './observe-learn-amp.js';
import { recordUnanswered } from './record-unanswered.js';
import { askForSeats, queueForSeats } from './seats.js';

/** Rounds of plan and send; a command that failed is refused from then on, so each round has less to do. */
const ROUNDS = 8;

const commandsIn = (
  planner: Planner,
  phases: ReadonlyArray<number>,
  allowed: (command: Command) => boolean = () => true,
): ReadonlyArray<Job> => {
  const jobs: Job[] = [];
  for (const userId of planner.plans().keys()) {
    const { commands } = planner.planOf(userId) ?? { commands: [] };
    const now = commands.filter((command) => phases.includes(phaseOf[command.kind]) && allowed(command));
    if (now.length > 0) jobs.push(jobOf(userId, now));
  }
  return jobs;
};

/** Where the commands of one cycle go, and who of it got no answer. */
type Delivery = {
  readonly cycle: PlanningContext;
  readonly planner: Planner;
  readonly sender: Sender;
  readonly answers: Answers;
};

/** @param again whether teams that Learn Amp refused before are asked for once more */
const ensureTeams = async ({ cycle, planner, sender, answers }: Delivery, again: boolean): Promise<void> => {
  const { teams, rejectedTeams } = cycle.state.connection();
  const missing = planTeams(
    wantedTeams(planner),
    (key) => key in teams || answers.isMissing(key) || (!again && key in rejectedTeams),
  );
  await sender.send(missing.map((command) => ({ subject: command.teamKey, commands: [command] })));
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

/**
 * Accounts and profiles: create, adopt, return, then addresses, profiles and custom fields, strictly in order within a person.
 *
 * @param seats how many seats there may be for those who wait for one: more are asked for as long as they get them
 */
const bringAccounts = async ({ cycle, planner, sender }: Delivery, seats = Infinity): Promise<void> => {
  for (let round = 0, most = seats; round < ROUNDS; round++, most *= 2) {
    const creations = commandsIn(planner, [2]).flatMap(({ commands }) => commands);
    const held = await heldCreations(cycle, creations);
    const jobs = commandsIn(planner, [2, 3], (command) => command.kind !== 'CreateUser' || !held.has(command.userId));
    if (jobs.length === 0) return;
    const { queue, others } = queueForSeats(cycle, jobs);
    const wanted = [...others, ...queue.slice(0, most)];
    const sent = new Set(oneEach(wanted));
    await sender.send([...sent]);
    // Nothing of theirs changed, and yet the address may be taken now.
    planner.refresh(wanted.filter((job) => !sent.has(job)).map(({ subject }) => subject as ObjectId));
  }
};

/** Facts about the plan itself (waiting for a manager, a conflict, a parked command): recorded when they change. */
const recordStanding = async (cycle: PlanningContext, planner: Planner): Promise<void> => {
  await cycle.recorder.record(() => [...planner.plans()].flatMap(([, { standing }]) => standing));
  planner.refresh();
};

/** Of a manager who was refused: what is seen counts in any case, and an address changed by hand is no more written over than ever. */
const doubtedEvents = ({ cycle, planner }: Delivery, ...[userId, account]: Parameters<LookEvents>) => {
  const events = driftEvents(cycle, planner, { userId, account, isInTheWay: false }, new Map());
  const isSeen = events.some(({ type }) => type === 'LearnAmpUserObserved');
  return isSeen ? events : [{ type: 'LearnAmpUserObserved' as const, data: { userId, account } }, ...events];
};

/** Teams, accounts and profiles, primary teams and managers: each step is planned on what the one before left behind. */
const bringEverybody = async (delivery: Delivery, again: boolean, seats?: number): Promise<void> => {
  const { cycle, planner, sender } = delivery;
  for (let round = 0; round < 2; round++) {
    await ensureTeams(delivery, again && round === 0);
    await bringAccounts(delivery, seats);
    // Of people who had to wait for an address, and got it just now.
    await ensureTeams(delivery, false);
    // By now everybody has an account: one call can carry a person's team and manager. Avatars have a lane of their own.
    for (const phases of [[4, 5], [7]]) {
      await sender.send(commandsIn(planner, phases));
      planner.refresh();
    }
    const isDoubted = await sender.observeDoubted((userId, account) => doubtedEvents(delivery, userId, account));
    // A team that was deleted by hand is made again, for those who are to be in it.
    const isTeamGone = Object.keys(cycle.state.connection().goneTeams).length > 0;
    if (!isDoubted && !isTeamGone) break;
    planner.refresh();
  }
};

/** The managers of people without an answer stay for now: their reports may not have the new manager yet. */
const withoutManagersOf = (
  { cycle, answers }: Delivery,
  leavers: ReadonlyArray<CommandOf<'DeactivateUser'>>,
): ReadonlyArray<CommandOf<'DeactivateUser'>> => {
  const needed = new Set<LearnAmpUserId | null | undefined>(
    [...answers.missing()].map((subject) => cycle.state.delivered(subject as ObjectId).managerLearnAmpUserId),
  );
  return leavers.filter(({ learnAmpUserId }) => !needed.has(learnAmpUserId));
};

/**
 * The order of one plan (learnamp.md 7.6): teams, accounts and profiles, primary teams, managers, and deactivations last,
 * after reports have their new managers. Who gets no answer delays nobody but those who depend on them. Where there was no seat,
 * deactivations may have freed some: those who wait are tried again behind them, in the order they came (FC-93).
 */
export const deliver = async (
  cycle: PlanningContext,
  planner: Planner,
  sender: Sender,
  answers: Answers = makeAnswers(),
): Promise<void> => {
  const noting: Sender = {
    ...sender,
    send: (jobs) => {
      planner.sending(jobs.flatMap(({ commands }) => commands));
      return sender.send(jobs);
    },
  };
  const delivery: Delivery = { cycle, planner, sender: noting, answers };
  await planner.start();
  await dissolveHolds(cycle);
  const asks = await askForSeats(cycle);
  planner.refresh();
  await bringEverybody(delivery, cycle.full, asks ? 1 : undefined);
  const leavers = withoutManagersOf(delivery, await releaseLeavers(cycle, planner));
  const hadNoSeats = cycle.state.connection().noSeatsSince !== '';
  await noting.send(leavers.map((command) => jobOf(command.userId, [command])));
  planner.refresh();
  if (hadNoSeats && cycle.state.connection().noSeatsSince === '') await bringEverybody(delivery, false, leavers.length);
  await recordStanding(cycle, planner);
  await recordUnanswered(cycle, answers);
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
  for (const [, { commands, leaver, creation }] of planner.plans()) {
    if (creation === true) add('CreateUser');
    for (const { kind } of commands) add(kind);
    if (leaver !== undefined) add('DeactivateUser');
  }
  return counts;
};
