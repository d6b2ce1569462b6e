import type { ObjectId } from '@learnamp/directory-sync-domain';
import { pathTo, planPerson, riskOf } from '@learnamp/directory-sync-domain';
import { recordAccess } from '../access/record-access.js';
import { cachedJson } from '../cached-json.js';
import type { Connection } from '../connection/open-connection.js';
import { sideTable } from '../connection/side-table.js';
import { planContextOf } from '../deliver/plan-now.js';
import { propertiesLeftOut } from '../observe/left-out.js';
import type { EngineState } from '../state/engine-state.js';
import { describeCommand } from '../views/describe-command.js';
import { namesOf, reachOf } from '../views/person-view.js';
import { answersOf } from './answers.js';
import { askLive } from './ask-live.js';
import { conclude } from './conclude.js';
import { lookedAt } from './looked.js';
import { nestingEvents } from './nesting-events.js';
import { readStory, type PersonStory } from './person-story.js';
import { waitsOf, type PersonNow } from './waits.js';
import type { Why, WhyOptions } from './why.js';

const noStory: PersonStory = { events: [], commands: [], erased: null };

const timeIn = (text: string | undefined, field: string): string | null => {
  const value = (cachedJson(text) as Readonly<Record<string, unknown>> | null | undefined)?.[field];
  return typeof value === 'string' ? value : null;
};

/** One person as the present state and plan have it. */
export const personNow = ({ options }: Connection, state: EngineState, userId: ObjectId): PersonNow => ({
  state,
  userId,
  person: state.person(userId),
  delivered: state.delivered(userId),
  plan: planPerson(planContextOf(state, options.preferences), userId),
  graceRounds: options.preferences.graceRounds,
});

/** Whoever waits for a decision, or was kept by one, is not sent. */
const nextOf = ({ state, plan, delivered }: PersonNow): Why['next'] => {
  const { hold } = delivered;
  const stands = hold !== undefined && hold.standing !== 'approved';
  const isHeld = (kind: string): boolean =>
    stands && kind === (hold.kind === 'deactivations' ? 'DeactivateUser' : 'CreateUser');
  const { team } = plan;
  const { teams, rejectedTeams } = state.connection();
  const missing = team !== undefined && !(team.key in teams) && !(team.key in rejectedTeams) ? team : undefined;
  const commands = [...plan.commands, ...(plan.leaver === undefined ? [] : [plan.leaver])];
  return {
    commands: [
      ...(missing === undefined
        ? []
        : [{ kind: 'EnsureTeam' as const, says: `create or find the team ${missing.name}`, risk: 'safe' as const }]),
      ...commands
        .filter(({ kind }) => !isHeld(kind))
        .map((command) => ({ kind: command.kind, says: describeCommand(command), risk: riskOf(command) })),
    ],
    notes: plan.notes.map(({ kind, reason }) => ({ kind, reason })),
  };
};

const accountOf = ({ state, delivered }: PersonNow): Why['account'] => ({
  learnAmpUserId: delivered.link ?? null,
  status: delivered.gone ? 'gone' : (delivered.status ?? null),
  primaryTeam:
    (delivered.teamKey === undefined ? undefined : state.connection().teams[delivered.teamKey]?.name) ?? null,
  managerLearnAmpUserId: delivered.managerLearnAmpUserId ?? null,
});

/**
 * Everything that explains one person, from the log, the folded state and, where asked, from Graph and Learn Amp now. That it
 * was looked up is recorded first; nothing else is written anywhere.
 */
export const explainPerson = async (
  connection: Connection,
  userId: ObjectId,
  { live, by, signal }: WhyOptions,
): Promise<Why> => {
  const { options, stream } = connection;
  await recordAccess(connection, { view: 'why', userIds: [userId], count: 1, by });
  const state = await connection.present();
  const head = state.head();
  const now = personNow(connection, state, userId);
  const { person } = now;
  const groupPath = person?.inScope === true ? pathTo(userId, reachOf(state, options.groupId)) : [];
  const named = state.membership.nameOf;
  const story = head === undefined ? noStory : await readStory(stream, userId, { to: head.revision, named, signal });
  const nesting = await nestingEvents({ log: options.log, stream, named }, groupPath);
  const side = sideTable(options);
  const roundAt = timeIn(await side.freshness(), 'roundAt');
  const lastSyncAt = timeIn(await side.lastSync(), 'at') ?? state.connection().lastSync?.at ?? null;
  const answers = answersOf({
    ...now,
    preferences: options.preferences,
    leftOut: propertiesLeftOut(await connection.leftOut.get()),
    roundAt,
    noAvatars: options.learnAmp.avatars === false,
  });
  const waits = waitsOf(now);
  const next = nextOf(now);
  const looked =
    person?.everInScope === true || person?.erased === true
      ? null
      : lookedAt({ state, userId, scopeGroupId: options.groupId, lastSyncAt });
  return {
    connectionId: options.connectionId,
    userId,
    conclusion: conclude({ ...now, ...story, waits, next, looked }),
    head: head === undefined ? null : { revision: head.revision.toString(), hash: head.hash },
    scope: { inScope: person?.inScope === true, groupPath, groupNames: namesOf(groupPath, named), nesting },
    account: accountOf(now),
    ...story,
    waits,
    next,
    answers,
    looked,
    live: live === true ? await askLive(connection, state, { userId, signal }) : null,
  };
};
