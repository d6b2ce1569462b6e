import type { SyncReport } from '@learnamp/directory-sync';
import { randomFrom, type Simulator, startSimulator } from '@learnamp/directory-sync-simulator';
import { expect, it, onTestFinished } from 'vitest';
import { openCommandLine } from '../support/command-line.js';

const company = { people: 9, outsiders: 3, existingAccounts: 2, guest: false, photos: 0 };

const openCompany = async () => {
  const simulator = await startSimulator({ seed: 11, company });
  onTestFinished(() => simulator.close());
  const line = await openCommandLine(simulator, { preferences: { invitations: 'immediate' } });
  return { simulator, line };
};

/** What Learn Amp holds, without what depends on the order in which it was made. */
const heldBy = ({ learnAmp }: Simulator) =>
  learnAmp
    .accounts()
    .map((account) => ({
      email: account.email,
      names: [account.firstName, account.lastName],
      externalId: account.integrationExternalId,
      profile: [account.jobTitle, account.department, account.location, account.language, account.hireDate],
      status: account.status,
      role: account.role,
      team: learnAmp.team(account.primaryTeamId ?? 0)?.name,
      manager: learnAmp.account(account.managerId ?? 0)?.email,
      invitations: learnAmp.invitations().filter(({ accountId }) => accountId === account.id).length,
    }))
    .toSorted((one, other) => (one.email < other.email ? -1 : 1));

const teamsOf = ({ learnAmp }: Simulator) =>
  learnAmp
    .teams()
    .map(({ name }) => name)
    .toSorted();

const reportOf = (stdout: string): SyncReport => JSON.parse(stdout) as SyncReport;

/** Requests that one uninterrupted sync makes, tokens among them. */
const openReference = async () => {
  const { simulator, line } = await openCompany();
  const ended = await line.run(['sync', '--json']);
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  return { requests: simulator.requests.count(), accounts: heldBy(simulator), teams: teamsOf(simulator) };
};

/**
 * The process is gone the moment the n-th request has been served: what the answer said never arrives. Odd moments kill
 * before it is applied, even ones after.
 */
const killAt = (simulator: Simulator, moment: number, kill: () => void) => {
  const before = moment % 2 === 1;
  let served = 0;
  return simulator.faults.add({
    match: ({ inBatch }) => {
      if (inBatch) return false;
      served += 1;
      if (served !== moment) return false;
      if (before) kill();
      return true;
    },
    action: before
      ? 'reset'
      : {
          rewrite: (response) => {
            kill();
            return response;
          },
        },
  });
};

it(
  'a process that is killed at any of twenty moments of a sync, and run again, ends as one that was not',
  { timeout: 240_000 },
  async () => {
    const reference = await openReference();
    const random = randomFrom(2024, 'moments');
    const moments = random.shuffle(Array.from({ length: reference.requests }, (_, n) => n + 1)).slice(0, 20);
    expect(moments).toHaveLength(20);

    const crash = async (moment: number): Promise<void> => {
      const { simulator, line } = await openCompany();
      let kill = (): void => undefined;
      const fault = killAt(simulator, moment, () => kill());
      const killed = await line.run(['sync', '--json'], (child) => {
        kill = () => void child.kill('SIGKILL');
      });
      expect([moment, fault.hits(), killed.signal]).toEqual([moment, 1, 'SIGKILL']);
      fault.remove();

      const again = await line.run(['sync', '--json']);
      expect([moment, again.code, again.stderr]).toEqual([moment, 0, '']);
      expect(reportOf(again.stdout)).toMatchObject({ ok: true, people: { inScope: 9, linked: 9 } });
      expect([moment, heldBy(simulator)]).toEqual([moment, reference.accounts]);
      expect([moment, teamsOf(simulator)]).toEqual([moment, reference.teams]);
      expect(simulator.learnAmp.invitations()).toHaveLength(7);
    };
    // Two at a time: as many as there are cores where this has to pass.
    const waiting = [...moments];
    const worker = async (): Promise<void> => {
      for (let moment = waiting.pop(); moment !== undefined; moment = waiting.pop()) await crash(moment);
    };
    await Promise.all([worker(), worker()]);
  },
);

it(
  'a process that is killed again and again gets there all the same, and its log is whole',
  { timeout: 120_000 },
  async () => {
    const reference = await openReference();
    const { simulator, line } = await openCompany();
    const random = randomFrom(7, 'kills');
    for (let run = 0; run < 5; run += 1) {
      let kill = (): void => undefined;
      const fault = killAt(simulator, random.integer(6, 16), () => kill());
      await line.run(['sync', '--json'], (child) => {
        kill = () => void child.kill('SIGKILL');
      });
      fault.remove();
    }
    const end = await line.run(['sync', '--json']);
    expect([end.code, end.stderr]).toEqual([0, '']);
    expect(heldBy(simulator)).toEqual(reference.accounts);

    const replayed = await line.run(['replay', '--json']);
    expect(replayed.code).toBe(0);
    const lines = replayed.stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(lines.slice(0, -1).map(({ revision }) => revision)).toEqual(
      lines.slice(1).map((_line, index) => String(index)),
    );
    expect(lines.at(-1)).toMatchObject({ summary: { events: lines.length - 1 } });
  },
);
