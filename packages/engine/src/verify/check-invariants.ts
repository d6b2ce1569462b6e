import type { DirectoryEventOf, ObjectId } from '@learnamp/directory-sync-domain';
import { accountFault, holdFault, leaveFault, unknownFault } from '../deliver/dispatch-faults.js';
import type { Envelope } from '../record/recorder.js';
import type { EngineState } from '../state/engine-state.js';
import type { Dispatch } from './check-commands.js';
import type { ErasedPeople } from './erased-people.js';
import type { Collector } from './verify-report.js';

type Item = DirectoryEventOf<'CommandsDispatched'>['data']['items'][number];

export type InvariantCheck = {
  readonly follow: (event: Envelope) => void;
  /** With the state folded up to the event before the dispatch. */
  readonly dispatched: (dispatch: Dispatch) => void;
};

/** What the log of a sound engine never shows, by the same rules as the last check before a dispatch (`check-dispatch`), whatever version planned: each by name. */
export const makeInvariantCheck = (state: EngineState, erased: ErasedPeople, collector: Collector): InvariantCheck => {
  const invited = new Set<string>();
  let epoch = 0;

  const differs = ({ revision, type }: Envelope, what: string): void => {
    collector.differs({ revision: revision.toString(), type, what });
  };

  const sent: Readonly<Partial<Record<Item['kind'], string>>> = {
    CreateUser: 'an account was made for',
    DeactivateUser: 'a deactivation was sent for',
  };

  const checkPerson = (dispatch: Dispatch, { kind }: Item, userId: ObjectId): void => {
    const subject = { person: state.person(userId), delivered: state.delivered(userId) };
    const faults = [
      holdFault(subject, kind),
      accountFault(subject, kind),
      // Whether somebody was blocked, or what became of a command, may stand in what was erased.
      ...(erased.has(userId)
        ? []
        : [kind === 'DeactivateUser' ? leaveFault(subject) : undefined, unknownFault(subject)]),
    ];
    for (const fault of faults)
      if (fault !== undefined)
        differs(dispatch, `${fault.rule.name}: ${sent[kind] ?? `${kind} was sent for`} ${userId} ${fault.says}.`);
  };

  const invites = (event: Envelope, userId: ObjectId): void => {
    if (invited.has(userId)) differs(event, `one invitation: ${userId} was invited a second time.`);
    invited.add(userId);
  };

  const checkItem = (dispatch: Dispatch, item: Item): void => {
    const { kind, subject } = item;
    const userId = subject as ObjectId;
    if (kind !== 'EnsureTeam') checkPerson(dispatch, item, userId);
    if (kind === 'SendInvitation') invites(dispatch, userId);
  };

  return {
    follow: (event) => {
      collector.checked();
      const own = event.metadata.epoch ?? epoch;
      if (own < epoch) differs(event, `epochs: an engine of epoch ${own} wrote behind one of epoch ${epoch}.`);
      epoch = Math.max(epoch, own);
      if (event.type === 'PersonErased') invited.delete(event.data.userId);
      if (event.type !== 'CommandSucceeded') return;
      const { command, result } = event.data;
      if (command.kind === 'CreateUser' && result === 'created' && command.invite !== 'none')
        invites(event, command.userId);
    },
    dispatched: (dispatch) => {
      for (const item of dispatch.data.items) checkItem(dispatch, item);
    },
  };
};
