import { createHash } from 'node:crypto';
import { type DirectorySync, type Stores, type SyncReport } from '@learnamp/directory-sync';
import { randomFrom } from '@learnamp/directory-sync-simulator';
import { inWords, openInvariants } from '../../invariants/look-at-world.js';
import { judge } from '../judge.js';
import { everythingBelow } from '../oracle-rules.js';
import { randomEdit } from '../random-edits.js';
import { openAuditor } from './auditor.js';
import { faultKinds } from './fault-kinds/index.js';
import { tell } from './fault-kinds/notifications.js';
import { openScene, type OpenScene } from './open-scene.js';
import { wrongAvatar } from './photo-zoo.js';
import type { Armed, FaultKind } from './scene.js';
import type { Phase, Script } from './script.js';
import { steadyEdit } from './steady-edits.js';

/** What became of one life. */
export type Lived = {
  /** The first thing that was not as it must be; `undefined` where all was. */
  readonly wrong: string | undefined;
  readonly trace: ReadonlyArray<string>;
  /** By kind of fault, how often it struck. */
  readonly hits: ReadonlyMap<string, number>;
  /** Of the stored records of the connection's log: the same seed on the same code gives the same. */
  readonly digest: string;
  /** What the scheduler drew, in order. */
  readonly steps: ReadonlyArray<string>;
};

/** For tests of the simulation itself: what would be wrong if it went unnoticed. */
export type Meddling = {
  readonly beforeLook?: (scene: Pick<OpenScene, 'simulator'>) => void;
  readonly beforeJudged?: (scene: Pick<OpenScene, 'simulator'>) => void;
};

class Wrong extends Error {}
const fail = (what: string): never => {
  throw new Wrong(what);
};

const MINUTE = 60_000;
/** So many full cycles may pass, once nothing is wrong any more, before all is as the oracle says. */
const FULL_CYCLES = 3;

/** A manager who was put there and then deleted, between two looks: whether Graph shows the one before depends on how it is read. */
const unseenManagers = (
  { simulator: { directory } }: OpenScene,
  before: ReadonlyMap<string, string | undefined>,
): void => {
  for (const { id, managerId } of directory.users())
    if (managerId !== undefined && before.get(id) !== managerId && directory.find(managerId)?.presence !== 'live')
      directory.clearManager(id);
};

const editAtRest = (scene: OpenScene, draws: ReadonlyArray<number>): void => {
  const { simulator, oracle } = scene;
  const managers = new Map(simulator.directory.users().map(({ id, managerId }) => [id, managerId]));
  for (const draw of draws)
    scene.say(
      randomEdit({
        ...{ simulator, oracle, wishes: scene.wishes(), onRestore: () => undefined, ownAddresses: false },
        random: randomFrom(draw, 'edit'),
      }),
    );
  unseenManagers(scene, managers);
};

/** A fault that nothing meets tries nothing. */
const provoke = async (scene: OpenScene, { name, meets }: FaultKind, draw: number): Promise<void> => {
  if (meets === undefined) return;
  const random = randomFrom(draw, `provoke ${name}`);
  const did = meets === 'writes' ? [steadyEdit(scene, random), steadyEdit(scene, random)] : [];
  for (const text of did) if (text !== undefined) scene.say(text);
  await tell(scene);
  await scene.wait(MINUTE / 2);
};

/** What must hold at every moment, whatever is going wrong. */
const makeWatch = (scene: OpenScene) => {
  const { simulator, scheduler } = scene;
  const { learnAmp, directory, scopeGroupId } = simulator;
  const look = openInvariants(simulator, { now: scheduler.now });
  const seen = { reports: 0, deactivations: 0, writes: 0 };

  const nobodyWronged = (): void => {
    const below = everythingBelow(directory, scopeGroupId);
    const blocks = scene.wishes().deactivateBlockedAccounts === true;
    for (const { accountId } of learnAmp.deactivations().slice(seen.deactivations)) {
      const account = learnAmp.account(accountId);
      const person =
        scene.oracle.accounts().find(({ id }) => id === accountId)?.person ?? account?.integrationExternalId;
      const user = person === null || person === undefined || !below.has(person) ? undefined : directory.user(person);
      if (user !== undefined && !(blocks && user.properties.accountEnabled === false))
        fail(`account ${String(accountId)} was deactivated while ${user.id} is in the group`);
    }
    seen.deactivations = learnAmp.deactivations().length;
    const deleted = learnAmp
      .writes()
      .slice(seen.writes)
      .find(({ method }) => method === 'DELETE');
    if (deleted !== undefined) fail(`DELETE ${deleted.path} was sent: nothing is ever deleted`);
    seen.writes = learnAmp.writes().length;
    const invited = learnAmp.invitations().map(({ accountId }) => accountId);
    if (new Set(invited).size < invited.length) fail('somebody was invited twice');
  };

  return async (): Promise<void> => {
    nobodyWronged();
    const reports = scene.reports.slice(seen.reports).map(({ report }) => report);
    seen.reports = scene.reports.length;
    const stores = await scene.openStores();
    const engine = openAuditor(simulator, stores, scheduler.now);
    const found = await look({ engine, log: stores.log, reports });
    if (scene.storage === 'sqlite') await closeAll(stores);
    if (found.length > 0) fail(inWords(found.slice(0, 3)));
  };
};

const closeAll = async ({ log, keys, cache, inbox, projections }: Stores): Promise<void> => {
  await Promise.all([log.close(), keys.close(), cache.close(), inbox.close(), projections.close()]);
};

const connectionOf = async (scene: OpenScene): Promise<DirectorySync> => {
  const [first] = scene.alive();
  const connection = first === undefined ? undefined : await scene.finish(first.connection());
  return connection ?? fail('no process opened the connection although nothing is wrong any more');
};

const resuming = { actor: 'somebody', reason: 'the simulation' };

/** Nothing is wrong any more: all has to come right within three full cycles, and then nothing has to be done. */
const comeRight = async (scene: OpenScene, { beforeJudged }: Meddling): Promise<void> => {
  await scene.calm();
  // One goes on alone: while people are moved about at rest nobody is to be in the middle of a round.
  for (const other of scene.alive().slice(1)) {
    await scene.finish(other.stop());
    other.kill();
  }
  const by = { by: 'somebody', reason: 'the simulation' };
  const { oracle, simulator, wishes } = scene;
  let wrong: string | undefined = 'no full cycle completed';
  // Where what was resumed could not be recorded, whoever paused it does it again.
  const paused = await connectionOf(scene);
  if ((await scene.finish(paused.status()))?.paused === true) await scene.finish(paused.resume(resuming));
  for (let cycle = 0; wrong !== undefined && cycle < FULL_CYCLES; cycle += 1) {
    const connection = await connectionOf(scene);
    // Whom Learn Amp refused is tried again when somebody asks.
    if (scene.reports.at(-1)?.report.attention.some(({ kind }) => kind !== 'held') === true)
      await scene.finish(connection.retry(by));
    const report = await scene.finish(connection.sync({ full: true }));
    if (report?.ok !== true) {
      wrong = `a full cycle failed although nothing is wrong: ${JSON.stringify(report?.error)}`;
      await scene.wait(2 * MINUTE);
      continue;
    }
    beforeJudged?.(scene);
    oracle.observe(scene.scheduler.now());
    const judged = { oracle, learnAmp: simulator.learnAmp, wishes: wishes() };
    wrong = judge(judged, report) ?? (scene.photos ? wrongAvatar(simulator, judged) : undefined);
  }
  if (wrong !== undefined) fail(wrong);
  // A photo lane that gave its turn back goes on with the next cycle.
  if (scene.photos) await scene.finish((await connectionOf(scene)).sync());
  await checkQuiet(scene);
};

/** Nothing changed: nothing is appended, nothing is sent to Learn Amp. */
const checkQuiet = async (scene: OpenScene): Promise<void> => {
  const connection = await connectionOf(scene);
  const requests = scene.simulator.requests.counts().learnAmp;
  const report: SyncReport | undefined = await scene.finish(connection.sync({ photos: false }));
  if (report === undefined || !report.ok) fail(`an idle sync failed: ${JSON.stringify(report?.error)}`);
  const appended = Object.keys(report?.events ?? {});
  if (appended.length > 0) fail(`an idle sync appended ${JSON.stringify(report?.events)}`);
  if (scene.simulator.requests.counts().learnAmp > requests) fail('an idle sync asked Learn Amp');
};

const checkLog = async (scene: OpenScene): Promise<void> => {
  const connection = await connectionOf(scene);
  const rows = await scene.finish(connection.rebuild({ verify: true }));
  if (rows?.differences !== 0) fail(`${String(rows?.differences)} rows are not as a fold of the whole log says`);
  const verified = await scene.finish(connection.verify());
  if (verified?.ok !== true) fail(`the log does not verify: ${JSON.stringify(verified?.checks)}`);
  const replayed = await scene.finish(
    (async () => {
      for await (const step of connection.replay()) if (step._tag === 'Summary') return step.stateDigest;
      return undefined;
    })(),
  );
  if (replayed !== (await scene.finish(connection.stateDigest()))) fail('state by replay is not the live state');
};

/** What the log ended with, for whoever looks for the reason. */
const lastEvents = async (scene: OpenScene): Promise<ReadonlyArray<string>> => {
  const stores = await scene.openStores();
  const auditor = openAuditor(scene.simulator, stores, scene.scheduler.now);
  const lines: string[] = [];
  for await (const { revision, type, recordedAt, data } of auditor.events())
    lines.push(`revision ${revision} ${recordedAt} ${type} ${JSON.stringify(data).slice(0, 300)}`);
  if (scene.storage === 'sqlite') await closeAll(stores);
  return lines.slice(-40);
};

const digestOf = async (scene: OpenScene): Promise<string> => {
  const stores = await scene.openStores();
  const hash = createHash('sha256');
  for await (const page of stores.log.pages('directorySync-fabrikam'))
    for (const { revision, ...record } of page) hash.update(`${revision.toString()} ${JSON.stringify(record)}\n`);
  if (scene.storage === 'sqlite') await closeAll(stores);
  return hash.digest('hex');
};

/** Lives through what a script says. Nothing is thrown but by a mistake of the simulation itself. */
export const liveScript = async (script: Script, meddling: Meddling = {}): Promise<Lived> => {
  const scene = await openScene(script);
  const armed: Array<readonly [string, Armed]> = [];
  const watch = makeWatch(scene);

  const livePhase = async ({ edits, acts }: Phase): Promise<void> => {
    editAtRest(scene, edits);
    scene.changes.begin(edits.length > 0);
    if (edits.length > 0) await tell(scene);
    let minute = 0;
    for (const act of acts) {
      if (act.minute > minute) await scene.wait((act.minute - minute) * MINUTE);
      minute = Math.max(minute, act.minute);
      const kind = faultKinds.find(({ name }) => name === act.fault);
      if (kind === undefined) continue;
      scene.say(`fault: ${kind.name}`);
      armed.push([kind.name, await kind.arm(scene, randomFrom(act.draw, kind.name))]);
      await provoke(scene, kind, act.draw);
      await watch();
    }
    await scene.wait(3 * MINUTE);
    meddling.beforeLook?.(scene);
    await watch();
    await comeRight(scene, meddling);
    await watch();
  };

  let wrong: string | undefined;
  try {
    await scene.start();
    for (const phase of script.phases) await livePhase(phase);
    await checkLog(scene);
  } catch (cause) {
    wrong = cause instanceof Wrong ? cause.message : `${String(cause)}\n${String((cause as Error).stack)}`;
  }
  const hits = new Map<string, number>();
  const add = (name: string, count: number): void => void hits.set(name, (hits.get(name) ?? 0) + count);
  for (const [name, one] of armed) add(name, one.hits());
  for (const [freedom, count] of scene.simulator.freedoms()) add(`graph-freedom-${freedom}`, count);
  const ended = wrong === undefined ? [] : await lastEvents(scene);
  const digest = await digestOf(scene);
  const steps = scene.scheduler.trace();
  await scene.close();
  return { wrong, trace: [...scene.trace(), ...ended], hits, digest, steps };
};
