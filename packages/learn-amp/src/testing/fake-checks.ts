import type { FakeTeam, FakeUser, Reply } from './fake-records.js';

const offered = ['en', 'de', 'fr', 'es', 'pt-PT'];

const refusal = (fields: Readonly<Record<string, ReadonlyArray<string>>>, prefix = ''): Reply => ({
  status: 400,
  json: {
    error:
      prefix +
      Object.entries(fields)
        .flatMap(([name, messages]) => messages.map((m) => `${name} ${m}`))
        .join(', '),
    fullErrors: fields,
  },
});
export const notFound: Reply = { status: 404, json: { error: 'Not found' } };

/** The pairs of a form's custom fields. */
export const pairs = (body: URLSearchParams): ReadonlyArray<readonly [string, string]> => {
  const values = body.getAll('customFields[][value]');
  return body.getAll('customFields[][name]').map((name, index) => [name, values[index] ?? ''] as const);
};

export type Held = {
  readonly users: ReadonlyMap<number, FakeUser>;
  readonly teams: ReadonlyMap<number, FakeTeam>;
  /** Addresses of accounts that this company cannot see. */
  readonly elsewhere: ReadonlySet<string>;
};
const fieldNames = new Set(['Employee ID', 'Cost centre']);
const required = new Set(['Cost centre']);

/** The refusals of creations and updates, in the order they are looked for. */
export const makeChecks = ({ users, teams, elsewhere }: Held) => {
  type Check = (body: URLSearchParams, others: ReadonlyArray<FakeUser>) => Reply | undefined;
  const value = (body: URLSearchParams, name: string): string | undefined => body.get(name) || undefined;

  const identityCheck: Check = (body) => {
    const missing = ['email', 'firstName', 'lastName'].filter((name) => body.get(name) === null);
    return missing.length > 0 ? refusal(Object.fromEntries(missing.map((name) => [name, ['is missing']]))) : undefined;
  };
  const languageCheck: Check = (body) =>
    offered.includes(value(body, 'language') ?? 'en')
      ? undefined
      : refusal({ language: ['does not have a valid value'] });
  const teamCheck: Check = (body) => {
    const team = value(body, 'primaryTeamId');
    return team === undefined || teams.has(Number(team))
      ? undefined
      : refusal({ primaryTeamId: ['must match existing teams IDs'] });
  };
  const managerCheck: Check = (body) => {
    const manager = value(body, 'managerId');
    const status = manager === undefined ? 'none' : (users.get(Number(manager))?.status ?? 'deactivated');
    return status === 'deactivated'
      ? { status: 400, json: { error: 'managerId must match an existing user within your company' } }
      : undefined;
  };
  const fieldsCheck: Check = (body) => {
    if (pairs(body).some(([name]) => !fieldNames.has(name))) return notFound;
    return pairs(body).some(([name, text]) => required.has(name) && text === '')
      ? {
          status: 400,
          json: { error: "Validation failed: Value can't be blank", fullErrors: { value: ["can't be blank"] } },
        }
      : undefined;
  };
  const emailCheck: Check = (body, others) => {
    const email = value(body, 'email')?.toLowerCase() ?? '';
    const taken = elsewhere.has(email) || others.some((user) => user.email.toLowerCase() === email);
    return taken ? refusal({ email: ['has already been taken'] }) : undefined;
  };
  const externalIdCheck: Check = (body, others) => {
    const external = value(body, 'integrationExternalId');
    return external !== undefined && others.some((user) => user.integrationExternalId === external)
      ? {
          status: 400,
          json: {
            error: 'Validation failed: Integration external id has already been taken',
            fullErrors: { integrationExternalId: ['has already been taken'] },
          },
        }
      : undefined;
  };
  const checks = [identityCheck, languageCheck, teamCheck, managerCheck, fieldsCheck, emailCheck, externalIdCheck];

  return (body: URLSearchParams, self: number | undefined): Reply | undefined => {
    const others = [...users.values()].filter((user) => user.id !== self);
    return checks.map((check) => check(body, others)).find((reply) => reply !== undefined);
  };
};
