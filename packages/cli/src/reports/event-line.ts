import type { EventView } from '@learnamp/directory-sync';
import { isRecord, own } from '../configuration/reader.js';
import { printable, shortened } from './printable.js';

const shown = (value: unknown): string =>
  value === null ? '-' : typeof value === 'string' ? value : JSON.stringify(value);

const IDS = 3;

/** Lists of ids are cut, lists of anything else counted: the whole event is there with --json. */
const fact = (value: unknown): string => {
  if (!Array.isArray(value)) return shown(value);
  const items = value as ReadonlyArray<unknown>;
  if (!items.every((item) => typeof item === 'string')) return `(${items.length})`;
  const more = items.length > IDS ? `,+${items.length - IDS}` : '';
  return `${items.slice(0, IDS).join(',')}${more}`;
};

const facts = (data: Readonly<Record<string, unknown>>): string =>
  Object.entries(data)
    .filter(([key]) => key !== 'userId')
    .map(([key, value]) => `${key}=${fact(value)}`)
    .join(' ');

/** What an event says beyond its type and whom it is about. */
const details = ({ type, data }: EventView): string => {
  if (!isRecord(data)) return data === null ? '' : shown(data);
  if (type === 'UserJoinedGroup') return shown(own(own(data, 'attributes'), 'displayName') ?? null);
  if (Object.hasOwn(data, 'from') && Object.hasOwn(data, 'to')) {
    const attribute = own(data, 'attribute');
    const change = `${shown(data['from'])} -> ${shown(data['to'])}`;
    return typeof attribute === 'string' ? `${attribute}: ${change}` : change;
  }
  const command = own(data, 'command');
  return isRecord(command)
    ? `${shown(own(command, 'kind'))} ${shown(own(data, 'code') ?? own(data, 'result') ?? null)}`
    : facts(data);
};

/** One event as one line; `width` is that of the terminal, `undefined` prints the line whole. */
export const eventLine = (event: EventView, width: number | undefined): string => {
  const userId = own(event.data, 'userId') ?? own(own(event.data, 'command'), 'userId');
  const line = [
    event.revision.padStart(6),
    event.recordedAt,
    event.type.padEnd(24),
    ...(typeof userId === 'string' ? [userId] : []),
    event.erased === true ? '(erased)' : details(event),
  ].join('  ');
  const safe = printable(line).trimEnd();
  return width === undefined ? safe : shortened(safe, width);
};
