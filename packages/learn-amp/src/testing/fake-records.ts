import type { IncomingMessage } from 'node:http';

/** What the fake holds, receives and answers. */
export type FakeUser = {
  id: number;
  email: string;
  firstName: string;
  lastName: string;
  integrationExternalId: string | null;
  status: string;
  role: string;
  jobTitle: string | null;
  department: string | null;
  location: string | null;
  language: string;
  hireDate: string | null;
  primaryTeamId: number | null;
  managerId: number | null;
  customFields: Record<string, string | null>;
};
export type FakeTeam = { id: number; name: string; integrationExternalId: string | null };

export type Recorded = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly body: URLSearchParams;
};
export type Reply = {
  readonly status: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
};
/** What a test may do to a request: `before` nothing is applied, `after` the answer is changed or lost although it was. */
export type Fault = Reply | 'reset' | 'silent' | 'truncated';
export type Plan = {
  before?: (request: Recorded) => Fault | undefined;
  after?: (request: Recorded, reply: Reply) => Fault | undefined;
};
