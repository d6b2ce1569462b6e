import type { WhatIfCommand, WhatIfSummary, NoLongerSent, PreviewedCommand } from '@learnamp/directory-sync';
import { doctor, type DoctorCheck, toObjectId } from '@learnamp/directory-sync';
import type { Hono } from 'hono';
import * as t from 'io-ts';
import { reachOf } from '../application.js';
import { companyOf, type ConsoleEnv, type ConsoleRequest, knownOf, type Parts } from '../console-context.js';
import type { ConsoleConnection } from '../console-options.js';
import type { CommandLine, JobKind, JobResult } from '../contract.js';
import type { Work } from '../jobs.js';
import { Refused } from '../problem.js';
import { readBody } from '../security/read-body.js';
import { makeWhatIfChanges } from './what-if-changes.js';
import { objectIdOf, preferencesOf, settingsIn } from './settings.js';

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
  async ({ signal, onProgress }) => {
    const preferences = preferencesOf(asked);
    const commands: CommandLine[] = [];
    const noLonger: CommandLine[] = [];
    const changes = makeWhatIfChanges();
    let summary: WhatIfSummary | undefined;
    for await (const step of engine.whatIf({ preferences, signal, onProgress })) {
      if (step._tag === 'Summary') summary = step;
      else if (step._tag === 'NoLonger') {
        if (noLonger.length < LISTED) noLonger.push(whatIfLine(step));
      } else if (!step.anyway) {
        changes.add(step);
        if (commands.length < LISTED) commands.push(whatIfLine(step));
      }
    }
    if (summary === undefined) throw new Refused(500, 'internal', 'What if ended without its counts.');
    return { kind: 'what-if', summary, changes: changes.counts(), commands, noLonger };
  };

const Begin = t.union([
  t.type({ kind: t.keyof({ sync: null, 'full-sync': null, preview: null, rebuild: null, verify: null }) }),
  t.type({ kind: t.literal('what-if'), preferences: t.unknown }),
  t.type({ kind: t.literal('check'), tenantId: t.string, groupId: t.string }),
]);

type Begin = t.TypeOf<typeof Begin>;
type Check = Extract<Begin, { readonly kind: 'check' }>;

/** The doctor's questions about these ids, whether they are saved or not. Files are the engine's, and not looked at while it runs. */
const check = async (parts: Parts, request: ConsoleRequest, asked: Check): Promise<readonly [string, Work]> => {
  const known = await knownOf(parts, request);
  const { connectionId } = known.engineOf ?? known.stored;
  const { preferences } = settingsIn(known);
  const tenantId = objectIdOf('tenantId', asked.tenantId);
  const groupId = objectIdOf('groupId', asked.groupId);
  const work: Work = async ({ signal, onResult }) => {
    const checks: DoctorCheck[] = [];
    const result = (): JobResult => ({ kind: 'check', tenantId, groupId, checks: [...checks] });
    const { graph, learnAmp, notifications } = await reachOf(parts, connectionId);
    const options = { connectionId, tenantId, groupId, preferences, graph, learnAmp, notifications, signal };
    for await (const made of doctor(options)) {
      checks.push(made);
      onResult(result());
    }
    return result();
  };
  return [connectionId, work];
};

const workOf = (company: ConsoleConnection, begin: Exclude<Begin, Check>, actor: string): Work => {
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
  const idOf = async (request: ConsoleRequest): Promise<string> => {
    const { engineOf, stored } = await knownOf(parts, request);
    return (engineOf ?? stored).connectionId;
  };
  api.get('/companies/:company/jobs', async (request) => request.json(parts.jobs.of(await idOf(request))));
  api.post('/companies/:company/jobs', async (request) => {
    const begin = await readBody(request.req.raw, Begin);
    const actor = request.get('visitor').name;
    if (begin.kind === 'check') {
      const [connectionId, work] = await check(parts, request, begin);
      return request.json(parts.jobs.begin(connectionId, begin.kind, actor, work), 202);
    }
    const company = companyOf(parts, request);
    return request.json(parts.jobs.begin(company.connectionId, begin.kind, actor, workOf(company, begin, actor)), 202);
  });
  api.post('/companies/:company/jobs/:kind/stop', async (request) => {
    parts.jobs.stop(await idOf(request), request.req.param('kind') as JobKind);
    return request.json({});
  });
};
