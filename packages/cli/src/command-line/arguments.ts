import type { Command } from 'commander';
import type { CommonOptions, Invocation, Moment } from './invocation.js';
import { UsageMistake } from './usage-mistake.js';

export type Found = { invocation?: Invocation };

export const DEFAULT_CONFIG = './directory-sync.json';

export const collect = (value: string, earlier: ReadonlyArray<string>): ReadonlyArray<string> => [...earlier, value];

/** At most 19 digits: a revision is a 64-bit number. */
export const revision =
  (flag: string) =>
  (value: string): bigint => {
    if (!/^\d{1,19}$/.test(value))
      throw new UsageMistake(flag, `${flag} must be the revision of an event: a whole number from 0`);
    return BigInt(value);
  };

export const wholeNumber =
  (flag: string) =>
  (value: string): number => {
    if (!/^[1-9]\d{0,8}$/.test(value)) throw new UsageMistake(flag, `${flag} must be a whole number from 1`);
    return Number(value);
  };

/** What is recorded for good is one line that says something. */
export const words =
  (flag: string, longest: number) =>
  (value: string): string => {
    const given = value.trim();
    if (given === '') throw new UsageMistake(flag, `${flag} must not be empty.`);
    if (given.length > longest || /\p{Cc}/u.test(given))
      throw new UsageMistake(flag, `${flag} must be one line of at most ${longest} characters.`);
    return given;
  };

/** ISO 8601; a date alone is its first moment in UTC. */
const timeIn = (value: string): Date | undefined => {
  const isTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(value);
  const time = new Date(value);
  return isTime && !Number.isNaN(time.getTime()) ? time : undefined;
};

const SUCH_AS = 'a time such as 2026-01-31 or 2026-01-31T09:30:00Z.';

export const time =
  (flag: string) =>
  (value: string): Date => {
    const found = timeIn(value);
    if (found === undefined) throw new UsageMistake(flag, `${flag} must be ${SUCH_AS}`);
    return found;
  };

/** A revision, or a time. */
export const moment =
  (flag: string) =>
  (value: string): Moment => {
    if (/^\d{1,19}$/.test(value)) return { revision: BigInt(value) };
    const found = timeIn(value);
    if (found === undefined) throw new UsageMistake(flag, `${flag} must be a revision, or ${SUCH_AS}`);
    return { time: found };
  };

type Given = { config: ReadonlyArray<string>; json: boolean; verbose: boolean; color: boolean };

/** `--config` may stand before or behind the verb: it is read from the program. */
export const commonOptions = (program: Command, verb: Invocation['verb']): CommonOptions => {
  const { config, json, verbose, color } = program.opts<Given>();
  const [first = DEFAULT_CONFIG, ...others] = config;
  if (others.length > 0 && verb !== 'run' && verb !== 'console' && verb !== 'status')
    throw new UsageMistake('--config', `The verb ${verb} takes one --config; run, console and status take several.`);
  return { configs: [first, ...others], json, verbose, color };
};
