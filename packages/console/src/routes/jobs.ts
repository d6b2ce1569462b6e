import type { WhatIfCommand, WhatIfSummary, NoLongerSent, PreviewedCommand } from '@learnamp/directory-sync';
import { decodePreferences, toObjectId } from '@learnamp/directory-sync';
import * as E from 'fp-ts/lib/Either.js';
import type { Hono } from 'hono';
import * as t from 'io-ts';
import { companyOf, type ConsoleEnv, type Parts } from '../console-context.js';
import type { ConsoleConnection } from '../console-options.js';
import type { CommandLine, JobKind, JobResult } from '../contract.js';
import type { Work } from '../jobs.js';
import { Refused } from '../problem.js';
import { readBody } from '../security/read-body.js';

/** So many commands are listed; the counts are of all. */
const LISTED = 2_000;

const previewedLine = (command: PreviewedCommand): CommandLine => ({
  userId: command.userId ?? null,
  displayName: command.displayName ?? null,
  kind: command.kind,
  says: command.summary,
  held: command.held ? (command.holdReason ?? 'held') : null,
});

const preview =
  ({ engine }: ConsoleConnection): Work =>
  async ({ signal, onProgress }) => {
    const { report, expected, totals, commands } = await engine.preview({ signal, onProgress });
    return { kind: 'preview', report, expected, totals, commands: commands.slice(0, LISTED).map(previewedLine) };
  };

const sync =
  ({ engine }: ConsoleConnection, kind: 'sync' | 'full-sync', actor: string): Work =>
  async ({ signal, onProgress }) => ({
    kind,
    report: await engine.sync({ full: kind === 'full-sync', actor, signal, onProgress }),
  });

const rebuild =
  ({ engine }: ConsoleConnection): Work =>
  async ({ signal, onProgress }) => ({ kind: 'rebuild', report: await engine.rebuild({ signal, onProgress }) });

const verify =
  ({ engine }: ConsoleConnection): Work =>
  async ({ signal, onProgress }) => ({ kind: 'verify', report: await engine.verify({ signal, onProgress }) });

const whatIfLine = (step: WhatIfCommand | NoLongerSent): CommandLine => ({
  userId: toObjectId(step.subject) ?? null,
  displayName: step.displayName,
  kind: step.kind,
  says: step.summary,
  held: step._tag === 'Command' ? step.held : null,
});

const whatIf =
  ({ engine }: ConsoleConnection, asked: unknown): Work =>
  async () => {
    const preferences = decodePreferences(asked);
    if (E.isLeft(preferences))
      throw new Refused(400, 'invalid-request', preferences.left.map(({ message }) => message).join(' '));
    const commands: CommandLine[] = [];
    const noLonger: CommandLine[] = [];
    let summary: WhatIfSummary | undefined;
    for await (const step of engine.whatIf({ preferences: preferences.right })) {
      if (step._tag === 'Summary') summary = step;
      else if (step._tag === 'Command') {
        if (!step.anyway && commands.length < LISTED) commands.push(whatIfLine(step));
      } else if (noLonger.length < LISTED) noLonger.push(whatIfLine(step));
    }
    if (summary === undefined) throw new Refused(500, 'internal', 'What if ended without its counts.');
    return { kind: 'what-if', summary, commands, noLonger } satisfies JobResult;
  };

const Begin = t.union([
  t.type({ kind: t.keyof({ sync: null, 'full-sync': null, preview: null, rebuild: null, verify: null }) }),
  t.type({ kind: t.literal('what-if'), preferences: t.unknown }),
]);

const workOf = (company: ConsoleConnection, begin: t.TypeOf<typeof Begin>, actor: string): Work => {
  switch (begin.kind) {
    case 'sync':
    case 'full-sync':
      return sync(company, begin.kind, actor);
    case 'preview':
      return preview(company);
    case 'rebuild':
      return rebuild(company);
    case 'verify':
      return verify(company);
    case 'what-if':
      return whatIf(company, begin.preferences);
  }
};

/** What takes longer than a request: begun here, and looked at until it has ended. */
export const addJobs = (api: Hono<ConsoleEnv>, parts: Parts): void => {
  api.get('/companies/:company/jobs', (request) => request.json(parts.jobs.of(companyOf(parts, request).connectionId)));
  api.post('/companies/:company/jobs', async (request) => {
    const company = companyOf(parts, request);
    const begin = await readBody(request.req.raw, Begin);
    const actor = request.get('visitor').name;
    return request.json(parts.jobs.begin(company.connectionId, begin.kind, actor, workOf(company, begin, actor)), 202);
  });
  api.post('/companies/:company/jobs/:kind/stop', (request) => {
    parts.jobs.stop(companyOf(parts, request).connectionId, request.req.param('kind') as JobKind);
    return request.json({});
  });
};
