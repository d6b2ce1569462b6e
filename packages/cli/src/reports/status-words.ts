import type { Status } from '@learnamp/directory-sync';
import { type ConnectionState, stateOf } from './connection-state.js';
import type { Style } from './style.js';

/** A length of time as people say it, in one unit. */
export const age = (seconds: number): string => {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
};

const secondsFrom = (moment: string, now: Date): number => (Date.parse(moment) - now.getTime()) / 1000;

export const ago = (moment: string, now: Date): string => `${age(Math.max(0, -secondsFrom(moment, now)))} ago`;

/** When something is due; what should have begun already begins now. */
export const ahead = (moment: string, now: Date): string => {
  const seconds = secondsFrom(moment, now);
  return seconds < 1 ? 'now' : `in ${age(seconds)}`;
};

const colours: Readonly<Record<ConnectionState, keyof Style>> = {
  running: 'good',
  idle: 'good',
  paused: 'warning',
  waiting: 'warning',
  failing: 'bad',
  'not running': 'faint',
};

export const stateInWords = (status: Status, style: Style): string => {
  const state = stateOf(status);
  return style[colours[state]](state);
};

export const notificationsInWords = ({ live }: Status): string =>
  live.webhook.state === 'poll-only' ? 'polls only' : live.webhook.state;
