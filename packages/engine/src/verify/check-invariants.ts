import type { DirectoryEventOf, ObjectId } from '@learnamp/directory-sync-domain';
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

/** What the log of a sound engine never shows, whatever version planned: each by name. */
export const makeInvariantCheck = (state: EngineState, erased: ErasedPeople, collector: Collector): InvariantCheck => {
  const invited = new Set<string>();
  let epoch = 0;

  const differs = ({ revision, type }: Envelope, what: string): void => {
    collector.differs({ revision: revision.toString(), type, what });
  };

  const checkDeactivation = (dispatch: Dispatch, userId: ObjectId): void => {
    const { hold } = state.delivered(userId);
    if (hold?.kind === 'deactivations' && hold.standing !== 'approved')
      differs(dispatch, `hold: the deactivation of ${userId} was sent although it was ${hold.standing}.`);
    // Whether somebody was blocked may stand in what was erased.
    if (erased.has(userId)) return;
    const person = state.person(userId);
    const isBlocked = person?.inScope === true && !person.accountEnabled;
    if (!isBlocked && (person?.leave?.confirmations ?? 0) === 0)
      differs(dispatch, `confirmed leaves: ${userId} was deactivated without a confirmed leave.`);
  };

  const invites = (event: Envelope, userId: ObjectId): void => {
    if (invited.has(userId)) differs(event, `one invitation: ${userId} was invited a second time.`);
    invited.add(userId);
  };

  const checkItem = (dispatch: Dispatch, { kind, subject }: Item): void => {
    const userId = subject as ObjectId;
    if (kind === 'CreateUser' && state.delivered(userId).link !== undefined)
      differs(dispatch, `one account: an account was made for ${userId}, who has one.`);
    if (kind === 'DeactivateUser') checkDeactivation(dispatch, userId);
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
