import { openGraphProbes, type GraphWorld } from '@learnamp/directory-sync-graph';
import { checkLearnAmp, openLearnAmpRest, realWorld } from '../default-world.js';
import { openGraphTenant, type GraphTenant } from '../open-graph-tenant.js';
import { isPort } from '../schedule/open-member.js';
import { checkConfiguration } from './check-configuration.js';
import { checkGroup } from './check-group.js';
import {
  checkGroupsPermission,
  checkNotificationsPermission,
  checkPermissionsBeyond,
  checkUsersPermission,
} from './check-permissions.js';
import { checkPreferences } from './check-preferences.js';
import { checkSample } from './check-sample.js';
import { checkSignIn } from './check-sign-in.js';
import { checkFiles, checkLog } from './check-storage.js';
import { checkSubscriptions, checkWebhook } from './check-webhook.js';
import { failed, ok, skipped, type DoctorCheck, type DoctorCheckName } from './doctor-check.js';
import type { Asked, DoctorOptions } from './doctor-options.js';

/** A question of Graph that is not answered within this time fails its line. */
const PATIENCE_MS = 10_000;
/** Of everything together: what was not looked at by then is told as that. */
const DEADLINE_MS = 120_000;
const STOPPED = 'Not looked at: it was stopped, or everything together took too long.';

const ofGraph = [
  'permission-users',
  'permission-groups',
  'permission-notifications',
  'permissions-beyond',
  'group',
  'group-kind',
  'people',
  'nesting',
  'hidden-members',
  'subscriptions',
  'sample',
] as const satisfies ReadonlyArray<DoctorCheckName>;

async function* checkGraph(asked: Asked): AsyncGenerator<DoctorCheck, void> {
  const claims = yield* checkSignIn(asked);
  if (claims === undefined) {
    yield* ofGraph.map(skipped);
    return;
  }
  const { roles } = claims;
  const users = await checkUsersPermission(asked, roles);
  yield users;
  const groups = await checkGroupsPermission(asked, roles);
  yield groups;
  yield checkNotificationsPermission(asked, roles);
  yield checkPermissionsBeyond(roles);
  if (groups.result === 'failed')
    yield* (['group', 'group-kind', 'people', 'nesting', 'hidden-members'] as const).map(skipped);
  const hasGroup = groups.result !== 'failed' && (yield* checkGroup(asked, roles));
  yield await checkSubscriptions(asked);
  yield users.result === 'failed' || !hasGroup ? skipped('sample') : await sample(asked);
}

/** What the host implements in process is asked, too: it answers as the sync's own port does. */
const sample = async (asked: Asked): Promise<DoctorCheck> => {
  const { learnAmp } = asked.options;
  if (isPort(learnAmp)) return checkSample(asked, learnAmp);
  const port = openLearnAmpRest(
    { ...learnAmp, patienceMs: Math.min(learnAmp.patienceMs ?? PATIENCE_MS, PATIENCE_MS) },
    asked.world,
  );
  try {
    return await checkSample(asked, port);
  } finally {
    await port.close();
  }
};

async function* checkLearnAmpPart(
  { learnAmp, preferences }: DoctorOptions,
  world: GraphWorld,
  signal: AbortSignal,
): AsyncGenerator<DoctorCheck, void> {
  if (isPort(learnAmp)) {
    yield ok('learn-amp-credentials', 'Learn Amp is reached in process: the host answers for it.');
    return;
  }
  const customFields = Object.values(preferences.customFields);
  try {
    for await (const { check, ...said } of checkLearnAmp(learnAmp, { customFields, signal }, world))
      yield { check: `learn-amp-${check}`, ...said };
  } catch (cause) {
    // Settings that cannot be used: one sentence.
    yield failed('learn-amp-credentials', cause instanceof Error ? cause.message : 'learnAmp cannot be used.');
  }
}

async function* checks(
  options: DoctorOptions,
  world: GraphWorld,
  signal: AbortSignal,
): AsyncGenerator<DoctorCheck, void> {
  const { graph, tenantId, learnAmp } = options;
  const patienceMs = Math.min(graph.patienceMs ?? PATIENCE_MS, PATIENCE_MS);
  let configuration = checkConfiguration(options);
  let tenant: GraphTenant | undefined;
  try {
    // No cache: nothing is kept of what is asked here.
    tenant = await openGraphTenant({ ...graph, tenantId, patienceMs, waitsAsTold: false }, { world });
  } catch (cause) {
    configuration = failed('configuration', cause instanceof Error ? cause.message : 'graph cannot be used.');
  }
  yield configuration;
  yield* checkPreferences(options.preferences, isPort(learnAmp) && learnAmp.avatars !== undefined);
  if (tenant === undefined) {
    yield* (['clock', 'tenant', 'sign-in', 'credential', 'graph', ...ofGraph, 'webhook'] as const).map(skipped);
  } else {
    const probes = openGraphProbes(tenant.transport);
    const asked: Asked = { options, transport: tenant.transport, probes, world, signal };
    try {
      yield* checkGraph(asked);
      yield configuration.result === 'failed' ? skipped('webhook') : await checkWebhook(asked);
    } finally {
      probes.close();
      await tenant.close();
    }
  }
  yield* checkLearnAmpPart(options, world, signal);
  yield await checkFiles(options.files);
  yield await checkLog(options, world.now());
}

/**
 * Looks at everything a sync relies on, line by line: configuration, clock, tenant, sign-in, permissions, the group and its
 * people, a sample of what would happen, notifications, Learn Amp, files, and how the connection stands. Each line is ok or a
 * sentence that says what to do. Nothing is written anywhere; the number of requests does not grow with the tenant, and after
 * two minutes what is left is not looked at.
 *
 * @example
 * for await (const { check, result, says } of doctor(options)) console.log(`${result} ${check}: ${says}`);
 */
export async function* doctor(options: DoctorOptions): AsyncGenerator<DoctorCheck, void> {
  const real = realWorld();
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]);
  try {
    for await (const check of checks(options, { ...real.world, ...options.world }, signal))
      // What fails because it was stopped has not failed.
      yield signal.aborted && check.result === 'failed' ? { ...check, result: 'skipped', says: STOPPED } : check;
  } finally {
    await real.close();
  }
}
