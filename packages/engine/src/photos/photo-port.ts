import type { CommandOf, ObjectId, Outcome, Receipt } from '@learnamp/directory-sync-domain';
import type { AvatarPicture, DispatchedCommand, LearnAmpPort, PortOptions } from '@learnamp/directory-sync-learn-amp';

/** What was fetched for one person's command: a picture to send, or what the command comes to without a call. */
export type Prepared =
  | { readonly _tag: 'Send'; readonly photo: AvatarPicture; readonly photoHash: string }
  /** The avatar that came from here is still there. */
  | { readonly _tag: 'Clear' }
  | { readonly _tag: 'Settled'; readonly outcome: Outcome };

const notFetched: Outcome = {
  _tag: 'Failed',
  failure: { _tag: 'LearnAmpProtocol', detail: 'an avatar was to be set without its picture' },
};

/** The port with the pictures of the commands that are being sent; what Learn Amp took is answered with its keyed hash. */
export const photoPort = (port: LearnAmpPort, prepared: ReadonlyMap<ObjectId, Prepared>): LearnAmpPort => {
  const setAvatar = async (
    dispatched: DispatchedCommand,
    { userId }: CommandOf<'SetAvatar'>,
    options: PortOptions | undefined,
  ): Promise<ReadonlyArray<Receipt>> => {
    const { commandId } = dispatched;
    const found = prepared.get(userId);
    if (found === undefined || found._tag === 'Clear') return [{ commandId, outcome: notFetched }];
    if (found._tag === 'Settled') return [{ commandId, outcome: found.outcome }];
    const receipts = await port.execute([{ ...dispatched, photo: found.photo }], options);
    return receipts.map((receipt) =>
      receipt.outcome._tag === 'Succeeded'
        ? { ...receipt, outcome: { ...receipt.outcome, photoHash: found.photoHash } }
        : receipt,
    );
  };

  const clearAvatar = async (
    dispatched: DispatchedCommand,
    { userId }: CommandOf<'ClearAvatar'>,
    options: PortOptions | undefined,
  ): Promise<ReadonlyArray<Receipt>> => {
    const found = prepared.get(userId);
    if (found?._tag === 'Settled') return [{ commandId: dispatched.commandId, outcome: found.outcome }];
    return port.execute([dispatched], options);
  };

  const one = (dispatched: DispatchedCommand, options: PortOptions | undefined): Promise<ReadonlyArray<Receipt>> => {
    const { command } = dispatched;
    if (command.kind === 'SetAvatar') return setAvatar(dispatched, command, options);
    return command.kind === 'ClearAvatar'
      ? clearAvatar(dispatched, command, options)
      : port.execute([dispatched], options);
  };

  return {
    ...port,
    // Each picture goes with its own command.
    executeAll: undefined,
    execute: async (commands, options) => {
      const receipts: Receipt[] = [];
      for (const dispatched of commands) {
        const answered = await one(dispatched, options);
        receipts.push(...answered);
        if (answered[0]?.outcome._tag !== 'Succeeded') break;
      }
      return receipts;
    },
  };
};
