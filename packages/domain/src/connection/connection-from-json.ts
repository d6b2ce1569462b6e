import type { ConnectionState } from './connection-state.js';

/** Records by text from outside lose their missing prototype in JSON: a department may be called "constructor". */
const bare = <T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.assign(Object.create(null) as Record<string, T>, record);

/** The state that became this JSON value. The states of people need no such step. */
export const connectionFromJson = (value: unknown): ConnectionState => {
  const state = value as ConnectionState;
  return {
    ...state,
    cursors: bare(state.cursors),
    teams: bare(state.teams),
    rejectedTeams: bare(state.rejectedTeams),
    unansweredTeams: bare(state.unansweredTeams),
    goneTeams: bare(state.goneTeams),
  };
};
