import type { CommandKind, DeliveredPerson, DirectoryEvent, ObjectId } from '@learnamp/directory-sync-domain';
import { riskOf } from '@learnamp/directory-sync-domain';
import type { EventEnvelope, StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import { causes } from './command-causes.js';
import { commandFields } from './command-fields.js';
import { eventWords } from './event-words.js';
import type { WhyCommand, WhyReceipt } from './why.js';

type Envelope = EventEnvelope<DirectoryEvent>;
type At = Pick<StoredRecord, 'revision' | 'recordedAt'>;

/** An event that a command may have followed from. */
export type Fact = { readonly revision: bigint; readonly type: string; readonly says: string };

export type CommandTrail = {
  /** `delivered`: what Learn Amp was known to hold before this event. */
  readonly take: (event: Envelope, delivered: DeliveredPerson, facts: ReadonlyArray<Fact>) => void;
  /** A record whose data is gone with the key. */
  readonly takeErased: (record: StoredRecord) => void;
  readonly commands: () => ReadonlyArray<WhyCommand>;
};

/** So many causes are told: whoever needs more reads the events. */
const TOLD = 10;

const noAnswer: WhyReceipt = {
  outcome: 'unknown',
  revision: null,
  recordedAt: null,
  says: 'no answer is recorded; Learn Amp is looked at before anything more is sent',
};

const noCause =
  'no event about the person since the last command of this kind: the preferences, or the account of somebody else, became other';

/** Facts of the kinds that a command can follow from, since one of its kind was done last. */
const causeOf = (
  kind: CommandKind,
  facts: ReadonlyArray<Fact>,
  since: bigint,
): Pick<WhyCommand, 'because' | 'reason'> => {
  const types = new Set<string>(causes[kind]);
  const found = facts.filter(({ type, revision }) => revision > since && types.has(type)).slice(-TOLD);
  return {
    because: found.map(({ revision }) => revision.toString()),
    reason: found.length === 0 ? noCause : found.map(({ says }) => says).join('; '),
  };
};

/**
 * The commands of one person and what became of each. Invariant: a command is open from its dispatch until what settles it, by
 * the rules by which the fold settles its slot: its receipt, the refusal of one before it, or a look at Learn Amp.
 */
export const makeCommandTrail = (userId: ObjectId): CommandTrail => {
  const commands: WhyCommand[] = [];
  /** By command id: its place among the commands, and what was known of Learn Amp when it went out. */
  const open = new Map<string, { readonly at: number; readonly delivered: DeliveredPerson }>();
  const doneLast = new Map<CommandKind, bigint>();

  /** A creation carries the whole profile: what follows it does so for another reason. */
  const noteDone = (kind: CommandKind, at: bigint): void => {
    const kinds: ReadonlyArray<CommandKind> = kind === 'CreateUser' ? [kind, 'UpdateProfile', 'ChangeEmail'] : [kind];
    for (const each of kinds) doneLast.set(each, at);
  };

  const update = (at: number, parts: Partial<WhyCommand>): void => {
    const sent = commands[at];
    if (sent !== undefined) commands[at] = { ...sent, ...parts };
  };

  const close = (
    commandId: string,
    { revision, recordedAt }: At,
    told: Pick<WhyReceipt, 'outcome' | 'says'>,
    parts: Partial<WhyCommand> = {},
  ): void => {
    const sent = open.get(commandId);
    if (sent === undefined) return;
    open.delete(commandId);
    update(sent.at, { ...parts, receipt: { ...told, revision: revision.toString(), recordedAt } });
  };

  const closeAll = (at: At, told: Pick<WhyReceipt, 'outcome' | 'says'>): void => {
    for (const commandId of [...open.keys()]) close(commandId, at, told);
  };

  const closeKind = (event: Envelope, kind: CommandKind, outcome: WhyReceipt['outcome']): void => {
    const { says } = eventWords(event, userId);
    for (const [commandId, { at }] of [...open])
      if (commands[at]?.kind === kind) close(commandId, event, { outcome, says });
  };

  const receive = (
    event: Extract<Envelope, { readonly type: 'CommandSucceeded' | 'CommandRejected' }>,
    outcome: 'succeeded' | 'rejected',
  ): void => {
    const { command, commandId } = event.data;
    const sent = open.get(commandId);
    if (sent === undefined) return;
    if (outcome === 'succeeded') noteDone(command.kind, BigInt(commands[sent.at]?.revision ?? '0'));
    const { says } = eventWords(event, userId);
    close(commandId, event, { outcome, says }, { ...commandFields(command, sent.delivered), risk: riskOf(command) });
  };

  const dispatch = (
    event: Extract<Envelope, { readonly type: 'CommandsDispatched' }>,
    delivered: DeliveredPerson,
    facts: ReadonlyArray<Fact>,
  ): void => {
    for (const { commandId, subject, kind, approved } of event.data.items) {
      if (subject !== userId || kind === 'EnsureTeam') continue;
      open.set(commandId, { at: commands.length, delivered });
      commands.push({
        commandId,
        kind,
        revision: event.revision.toString(),
        recordedAt: event.recordedAt,
        correlationId: event.metadata.correlationId,
        ...causeOf(kind, facts, doneLast.get(kind) ?? -1n),
        risk: null,
        approved: approved === true,
        before: null,
        after: null,
        receipt: noAnswer,
      });
    }
  };

  return {
    take: (event, delivered, facts) => {
      switch (event.type) {
        case 'CommandsDispatched':
          dispatch(event, delivered, facts);
          break;
        case 'CommandSucceeded':
          receive(event, 'succeeded');
          break;
        case 'CommandRejected':
          receive(event, 'rejected');
          closeAll(event, { outcome: 'not-tried', says: 'not tried: a command before it was refused' });
          break;
        case 'CommandDeferred':
          closeKind(event, event.data.kind, 'deferred');
          break;
        case 'CommandParked':
          closeKind(event, event.data.kind, 'parked');
          break;
        case 'IdentityConflictDetected':
          if (event.data.userId === userId) closeKind(event, 'CreateUser', 'identity-conflict');
          break;
        case 'LearnAmpUserObserved':
          closeAll(event, { outcome: 'seen', says: 'no receipt came; what stands at Learn Amp was looked up' });
          break;
        default:
          break;
      }
    },
    takeErased: (record) => {
      // Receipts come in the order of the commands.
      const [oldest] = open.keys();
      if (oldest === undefined) return;
      if (record.type === 'CommandSucceeded') close(oldest, record, { outcome: 'succeeded', says: 'erased' });
      if (record.type === 'CommandRejected') close(oldest, record, { outcome: 'rejected', says: 'erased' });
    },
    commands: () => commands,
  };
};
