import type { DirectoryEventOf } from '@learnamp/directory-sync-domain';
import { subjectOf } from '@learnamp/directory-sync-domain';
import { commandMac } from '../deliver/command-id.js';
import type { Envelope } from '../record/recorder.js';
import type { OwnerKeys } from './owner-keys.js';
import type { Collector } from './verify-report.js';

type Receipt = Extract<Envelope, { readonly type: 'CommandSucceeded' | 'CommandRejected' }>;

export const isReceipt = (event: Envelope): event is Receipt =>
  event.type === 'CommandSucceeded' || event.type === 'CommandRejected';

export const receiptOwner = ({ data: { command } }: Receipt, connectionOwner: string): string =>
  command.kind === 'EnsureTeam' ? connectionOwner : command.userId;

type Open = { readonly commandId: string; readonly mac: string };

export type ReceiptCheck = {
  readonly dispatched: (data: DirectoryEventOf<'CommandsDispatched'>['data']) => void;
  readonly check: (receipt: Receipt, keysOf: OwnerKeys) => void;
  /** No receipt of an earlier cycle comes any more. */
  readonly cycleBegins: () => void;
};

/**
 * Each receipt carries the content of the command that was dispatched: the dispatch recorded its MAC. Holds the dispatches of
 * one cycle that have no receipt yet.
 */
export const makeReceiptCheck = (connectionOwner: string, collector: Collector): ReceiptCheck => {
  const open = new Map<string, Open>();
  const place = (subject: string, kind: string): string => `${subject}/${kind}`;
  return {
    dispatched: ({ items }) => {
      for (const { subject, kind, commandId, mac } of items) open.set(place(subject, kind), { commandId, mac });
    },
    cycleBegins: () => {
      open.clear();
    },
    check: (receipt, keysOf) => {
      const { command, commandId } = receipt.data;
      collector.checked();
      const differs = (what: string): void => {
        const { revision, type } = receipt;
        collector.differs({
          revision: revision.toString(),
          type,
          what: `${command.kind} of ${subjectOf(command)}: ${what}`,
        });
      };
      const sent = open.get(place(subjectOf(command), command.kind));
      if (sent?.commandId !== commandId) {
        differs('no such command was dispatched in its cycle.');
        return;
      }
      const keys = keysOf(receiptOwner(receipt, connectionOwner));
      if (!keys.some((key) => commandMac(key, command) === sent.mac))
        differs('its content is not what was dispatched.');
      open.delete(place(subjectOf(command), command.kind));
    },
  };
};
