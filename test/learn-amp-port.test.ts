import { openLearnAmpRest, type LearnAmpUserId } from '@learnamp/directory-sync';
import { learnAmpPortConformance, type LearnAmpPortUnderTest } from '@learnamp/directory-sync/conformance';
import { startSimulator, type LearnAmpServerOptions } from '@learnamp/directory-sync-simulator';
import { describe, it } from 'vitest';
import { openInProcessLearnAmp } from './support/in-process-learn-amp.js';
import { learnAmpSettingsOf } from './support/simulator-settings.js';
import { calm, nobody } from './support/stage.js';

const customFields = ['Employee ID', 'Cost centre'] as const;

/** The REST client over the simulator, whose company is edited by hand behind its back. */
const overRest = async (options: LearnAmpServerOptions = {}): Promise<LearnAmpPortUnderTest> => {
  const seats = { free: Number.POSITIVE_INFINITY };
  const simulator = await startSimulator({
    seed: 1,
    company: nobody,
    graph: calm,
    learnAmp: {
      managerMustBeActive: true,
      customFields: customFields.map((name) => ({ name })),
      ...options,
      seats: () => seats.free,
    },
  });
  const { learnAmp, fetch } = simulator;
  const port = openLearnAmpRest(learnAmpSettingsOf(simulator, 'integrationExternalId', 5_000), { fetch });
  return {
    port,
    customFields,
    addAccount: ({ email, firstName = 'By', lastName = 'Hand', status, role, externalId }) => {
      const account = learnAmp.addAccount({
        ...{ email, firstName, lastName },
        ...(role === undefined ? {} : { role }),
        ...(externalId === undefined ? {} : { integrationExternalId: externalId }),
        ...(status === undefined || status === 'unknown' ? {} : { status }),
      });
      return Promise.resolve(String(account.id) as LearnAmpUserId);
    },
    addTeam: (name) => Promise.resolve(void learnAmp.addTeam({ name })),
    invitationsTo: (id) =>
      Promise.resolve(learnAmp.invitations().filter(({ accountId }) => accountId === Number(id)).length),
    leaveSeats: (free) => {
      seats.free = learnAmp.accounts().filter(({ status }) => status !== 'deactivated').length + free;
      return Promise.resolve();
    },
    close: async () => {
      await port.close();
      await simulator.close();
    },
  };
};

// #region company
/** The port of this repository's own host: everything in memory. */
const inProcess = (batch: boolean) => (): Promise<LearnAmpPortUnderTest> => {
  const seats = { free: Number.POSITIVE_INFINITY };
  const { port, book, invitations } = openInProcessLearnAmp({
    batch,
    customFields,
    seats: () => seats.free,
  });
  return Promise.resolve({
    port,
    customFields,
    addAccount: ({
      email,
      firstName = null,
      lastName = null,
      status = 'confirmed',
      role = 'viewer',
      externalId = null,
    }) => Promise.resolve(book.add({ email, firstName, lastName, status, role, externalId }).learnAmpUserId),
    addTeam: (name) => Promise.resolve(void book.addTeam(name)),
    invitationsTo: (id) => Promise.resolve(invitations.filter((one) => one === id).length),
    leaveSeats: (free) => {
      seats.free = book.active() + free;
      return Promise.resolve();
    },
    close: () => port.close(),
  });
};
// #endregion company

learnAmpPortConformance({ describe, it }, 'the REST client', {
  open: overRest,
  capabilities: ['custom-fields', 'seats'],
});
learnAmpPortConformance({ describe, it }, 'the REST client, where the reference is silent and Learn Amp differs', {
  open: () => overRest({ listsDeactivated: false, emailFilter: 'substring', largestPage: 7 }),
  capabilities: ['custom-fields', 'seats'],
});
// #region conformance
learnAmpPortConformance({ describe, it }, 'in process, many people in one call', {
  open: inProcess(true),
  capabilities: ['avatars', 'later-invitations', 'custom-fields', 'seats', 'batch'],
});
// #endregion conformance
learnAmpPortConformance({ describe, it }, 'in process, one person a call', {
  open: inProcess(false),
  capabilities: ['avatars', 'later-invitations', 'custom-fields', 'seats'],
});
