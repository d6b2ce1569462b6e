import type { Answer } from '../http/attempt.js';

/** What a refusal says, as names of fields. Learn Amp's own text is not kept: it may repeat what was sent. */
export type Refusal = {
  readonly status: number;
  /** Every field it names, in the API's spelling. */
  readonly fields: ReadonlyArray<string>;
  /** Those whose value somebody else has. */
  readonly taken: ReadonlyArray<string>;
  /** Those that were left empty. */
  readonly blank: ReadonlyArray<string>;
  /** It speaks of an owner who must stay. */
  readonly owner: boolean;
  /** It speaks of the plan of the company, which has no seat left. */
  readonly seats: boolean;
  readonly readable: boolean;
};

type Complaint = { readonly field: string; readonly message: string };

/** Fields by the ways an answer may spell them: `integrationExternalId`, `integration_external_id`, `Integration external id`. */
const spellings: ReadonlyArray<readonly [string, RegExp]> = [
  ['primaryTeamIntegrationExternalId', /\bprimary[ _]?team[ _]?integration[ _]?external[ _]?ids?\b/i],
  ['primaryTeamId', /\bprimary[ _]?team([ _]?id)?\b/i],
  ['integrationExternalId', /\bintegration[ _]?external[ _]?ids?\b/i],
  ['managerEmail', /\bmanager[ _]?e-?mail\b/i],
  ['managerId', /\bmanager([ _]?id)?\b/i],
  ['firstName', /\bfirst[ _]?name\b/i],
  ['lastName', /\blast[ _]?name\b/i],
  ['jobTitle', /\bjob[ _]?title\b/i],
  ['hireDate', /\bhire[ _]?date\b/i],
  ['customFields', /\bcustom[ _]?fields?\b/i],
  ['email', /\be-?mail\b/i],
  ['language', /\blanguage\b/i],
  ['department', /\bdepartment\b/i],
  ['location', /\blocation\b/i],
  ['name', /\bname\b/i],
  ['value', /\bvalue\b/i],
];

/** The field a clause is about: the one it names first. */
const fieldIn = (clause: string): string | undefined => {
  let best: { readonly field: string; readonly at: number } | undefined;
  for (const [field, pattern] of spellings) {
    const at = clause.search(pattern);
    if (at >= 0 && (best === undefined || at < best.at)) best = { field, at };
  }
  return best?.field;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const texts = (value: unknown): ReadonlyArray<string> =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');

const byField = (value: unknown): ReadonlyArray<Complaint> =>
  isRecord(value)
    ? Object.entries(value).flatMap(([key, messages]) => {
        const field = fieldIn(key) ?? (/^[A-Za-z][A-Za-z0-9]{0,40}$/.test(key) ? key : undefined);
        return field === undefined ? [] : [...texts(messages), ''].map((message) => ({ field, message }));
      })
    : [];

const inText = (value: unknown): ReadonlyArray<Complaint> =>
  texts(value)
    .flatMap((text) =>
      text
        .slice(0, 5000)
        .replace(/^\s*validation failed:\s*/i, '')
        .split(/,\s*/),
    )
    .flatMap((message) => {
      const field = fieldIn(message);
      return field === undefined ? [] : [{ field, message }];
    });

const isTaken = ({ message }: Complaint): boolean =>
  /\btaken\b|\balready (exists|in use|used|registered)\b|\bin use\b|\bunique\b|\bduplicate\b/i.test(message);
const isBlank = ({ message }: Complaint): boolean => /\bblank\b|\bempty\b|\bmissing\b|\brequired\b/i.test(message);
const isOwner = (text: string): boolean => /\bowner\b/i.test(text);

const isSeats = (text: string): boolean =>
  /\busers? in your (plan|subscription)\b|\b(no|not enough|out of) (more )?(seats|licen[cs]es)\b|\b(seat|user|licen[cs]e)s? (limit|quota)\b|\blimit of (users|seats|licen[cs]es)\b/i.test(
    text,
  );

const named = (complaints: ReadonlyArray<Complaint>): ReadonlyArray<string> => [
  ...new Set(complaints.map((c) => c.field)),
];

/**
 * Reads both shapes of the reference: `fullErrors` by field, and a joined text in `error` alone. There are no codes to
 * match on, so the wording is, loosely; what is not understood ends as a plain validation refusal.
 */
export const readRefusal = ({ status, body }: Answer): Refusal => {
  if (body._tag === 'NotJson')
    return { status, fields: [], taken: [], blank: [], owner: false, seats: false, readable: false };
  const value = body._tag === 'Json' && isRecord(body.value) ? body.value : {};
  const structured = [...byField(value['fullErrors']), ...byField(value['errors'])];
  // The joined text repeats the structured one; where that is missing, or names only a part, the text tells the rest.
  const complaints = [
    ...structured,
    ...inText(value['error']),
    ...inText(value['message']),
    ...inText(value['errors']),
  ];
  const all = [...texts(value['error']), ...texts(value['message']), ...complaints.map((c) => c.message)];
  return {
    status,
    fields: named(complaints),
    taken: named(complaints.filter(isTaken)),
    blank: named(complaints.filter(isBlank)),
    owner: all.some(isOwner),
    seats: all.some(isSeats),
    readable: true,
  };
};
