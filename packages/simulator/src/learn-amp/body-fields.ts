import type { SimulatedRequest } from '../http/exchange.js';
import { refuse } from './learn-amp-context.js';

export type Fields = Readonly<Record<string, unknown>>;

/**
 * Puts one form field where a Rails server would: `a=1` is `{a}`, `a[]=1` appends, `a[][name]=x` starts another item of a
 * list of objects whenever the name repeats.
 */
const put = (fields: Record<string, unknown>, name: string, value: string): void => {
  const nested = /^([^[\]]+)\[\]\[([^[\]]+)\]$/.exec(name);
  const plain = /^([^[\]]+)(\[\])?$/.exec(name);
  if (nested !== null) {
    const [, list = '', key = ''] = nested;
    const items = Array.isArray(fields[list]) ? (fields[list] as Record<string, unknown>[]) : [];
    const last = items.at(-1);
    if (last === undefined || key in last) items.push({ [key]: value });
    else last[key] = value;
    fields[list] = items;
  } else if (plain !== null) {
    const [, key = '', isList] = plain;
    if (isList === undefined) fields[key] = value;
    else fields[key] = [...(Array.isArray(fields[key]) ? (fields[key] as unknown[]) : []), value];
  }
};

const fromPairs = (pairs: Iterable<readonly [string, string]>): Fields => {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of pairs) put(fields, name, value);
  return fields;
};

/** The text parts of `multipart/form-data`; files are not taken by any call served here. */
const multipart = (body: Buffer, boundary: string): Fields => {
  const parts = body.toString('utf8').split(`--${boundary}`).slice(1, -1);
  return fromPairs(
    parts.flatMap((part): ReadonlyArray<readonly [string, string]> => {
      const gap = part.indexOf('\r\n\r\n');
      const name = /name="([^"]*)"/i.exec(part.slice(0, gap))?.[1];
      return gap < 0 || name === undefined ? [] : [[name, part.slice(gap + 4).replace(/\r\n$/, '')]];
    }),
  );
};

/** The fields of a request: form-encoded, multipart or JSON. */
export const bodyFields = ({ headers, body }: SimulatedRequest): Fields => {
  if (body.length === 0) return {};
  const type = headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded'))
    return fromPairs(new URLSearchParams(body.toString('utf8')));
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary !== undefined) return multipart(body, boundary);
  if (!type.startsWith('application/json')) return refuse(406, 'The requested format is not supported');
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Fields;
  } catch {
    // Refused below like any other body that is no object.
  }
  return refuse(400, 'Problem parsing the JSON body');
};

/** A field as text: `undefined` where it is not given, `null` where it is null or blank (forms cannot say null otherwise). */
export const textField = (fields: Fields, name: string): string | null | undefined => {
  if (!(name in fields)) return undefined;
  const value = fields[name];
  if (value === null || value === undefined) return null;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return refuse(400, `${name} is invalid`, { [name]: ['is invalid'] });
  }
  const given = String(value);
  return given.trim() === '' ? null : given;
};

export const flagField = (fields: Fields, name: string): boolean | undefined => {
  const value = textField(fields, name);
  if (value === undefined || value === null) return undefined;
  if (['true', '1'].includes(value)) return true;
  if (['false', '0'].includes(value)) return false;
  return refuse(400, `${name} is invalid`, { [name]: ['is invalid'] });
};

export const integerField = (fields: Fields, name: string): number | null | undefined => {
  const value = textField(fields, name);
  if (value === undefined || value === null) return value;
  return /^\d{1,12}$/.test(value) ? Number(value) : refuse(400, `${name} is invalid`, { [name]: ['is invalid'] });
};

export const listField = (fields: Fields, name: string): ReadonlyArray<unknown> | undefined => {
  if (!(name in fields)) return undefined;
  const value = fields[name];
  if (value === null || value === '') return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
};
