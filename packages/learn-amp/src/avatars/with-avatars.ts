import type {
  CommandId,
  CommandOf,
  LearnAmpFailure,
  LearnAmpUserId,
  Outcome,
  Receipt,
} from '@learnamp/directory-sync-domain';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { DEADLINE_MS, inTime, type Deadline } from '../deadline/in-time.js';
import type { AvatarPicture, DispatchedCommand, LearnAmpPort, PortOptions } from '../learn-amp-port.js';

/** Whose avatar. `commandId` is the idempotency key: the same one means the same call again. */
export type Avatar = { readonly commandId: CommandId; readonly learnAmpUserId: LearnAmpUserId };

/**
 * What a host can do with avatars that the public REST API cannot. Setting is setting state: the same picture twice leaves one.
 * A rejected promise is read as "may have been applied", and so is one that does not settle in time.
 */
export type Avatars = {
  /** Sets the picture of an account: JPEG or PNG, 1 MiB at most. The same picture twice takes effect once. */
  readonly set: (avatar: Avatar & AvatarPicture, options?: PortOptions) => Promise<Outcome>;
  /** Takes the picture of an account away. */
  readonly clear: (avatar: Avatar, options?: PortOptions) => Promise<Outcome>;
  /** The bytes of the present avatar, as they were set; `undefined`: there is none. See `LearnAmpPort.readAvatar`. */
  readonly read?:
    ((learnAmpUserId: LearnAmpUserId, options?: PortOptions) => Promise<Uint8Array | undefined>) | undefined;
};

type AvatarCommand = CommandOf<'SetAvatar'> | CommandOf<'ClearAvatar'>;
type OfAvatar = DispatchedCommand & { readonly command: AvatarCommand };

const isAvatar = (dispatched: DispatchedCommand): dispatched is OfAvatar =>
  dispatched.command.kind === 'SetAvatar' || dispatched.command.kind === 'ClearAvatar';

const noPicture: Outcome = {
  _tag: 'Failed',
  failure: { _tag: 'LearnAmpProtocol', detail: 'an avatar was to be set without its picture' },
};

type Host = { readonly avatars: Avatars; readonly deadline: Deadline };

const carryOut = async (
  { avatars, deadline }: Host,
  { commandId, command, photo }: OfAvatar,
  options: PortOptions | undefined,
): Promise<Outcome> => {
  const avatar = { commandId, learnAmpUserId: command.learnAmpUserId };
  try {
    if (command.kind === 'SetAvatar' && photo === undefined) return noPicture;
    return await inTime(deadline, options?.signal, (signal) =>
      photo === undefined ? avatars.clear(avatar, { signal }) : avatars.set({ ...avatar, ...photo }, { signal }),
    );
  } catch {
    return { _tag: 'Unknown' };
  }
};

/** The commands from here on that go to the same place: one avatar, or everything up to the next one. */
const nextPart = (commands: ReadonlyArray<DispatchedCommand>, from: number): ReadonlyArray<DispatchedCommand> => {
  const [first, ...rest] = commands.slice(from);
  if (first === undefined) return [];
  if (isAvatar(first)) return [first];
  const end = rest.findIndex(isAvatar);
  return [first, ...(end < 0 ? rest : rest.slice(0, end))];
};

/** Whoever has no avatar among their commands goes in one call to the port; the others one by one, each at their place. */
const inOneCall =
  (executeAll: NonNullable<LearnAmpPort['executeAll']>, execute: LearnAmpPort['execute']): typeof executeAll =>
  async (subjects, options) => {
    const plain = subjects.filter((commands) => !commands.some(isAvatar));
    const answers = plain.length === 0 ? [] : await executeAll(plain, options);
    const ofPlain = new Map(plain.map((commands, at) => [commands, answers[at] ?? []]));
    const all: Array<ReadonlyArray<Receipt>> = [];
    for (const commands of subjects) all.push(ofPlain.get(commands) ?? (await execute(commands, options)));
    return all;
  };

/**
 * A port whose avatars go to the host, and everything else to the port it is built on.
 *
 * @example
 * const learnAmp = withAvatars(openLearnAmpRest(settings, world), {
 *   set: async ({ learnAmpUserId, bytes, mediaType }) => {
 *     await avatars.store(learnAmpUserId, bytes, mediaType);
 *     return { _tag: 'Succeeded', result: 'updated' };
 *   },
 *   clear: async ({ learnAmpUserId }) => {
 *     await avatars.remove(learnAmpUserId);
 *     return { _tag: 'Succeeded', result: 'updated' };
 *   },
 * });
 */
export const withAvatars = (
  port: LearnAmpPort,
  avatars: Avatars,
  deadline: Deadline = { deadlineMs: DEADLINE_MS },
): LearnAmpPort => {
  const host = { avatars, deadline };
  const execute: LearnAmpPort['execute'] = async (commands, options) => {
    const receipts: Receipt[] = [];
    while (receipts.length < commands.length) {
      const part = nextPart(commands, receipts.length);
      const [first] = part;
      if (first === undefined) break;
      const answered = isAvatar(first)
        ? [{ commandId: first.commandId, outcome: await carryOut(host, first, options) }]
        : await port.execute(part, options);
      receipts.push(...answered);
      // Up to the first that did not succeed, like the port itself.
      if (answered.length < part.length || answered.some(({ outcome }) => outcome._tag !== 'Succeeded')) break;
    }
    return receipts;
  };
  const { read } = avatars;
  const readAvatar: LearnAmpPort['readAvatar'] =
    read &&
    ((learnAmpUserId, options) =>
      TE.tryCatch(
        () => inTime(deadline, options?.signal, (signal) => read(learnAmpUserId, { signal })),
        (): LearnAmpFailure => ({ _tag: 'LearnAmpUnreachable', detail: 'the host could not read an avatar' }),
      ));
  return {
    ...port,
    avatars: true,
    readAvatar,
    execute,
    executeAll: port.executeAll && inOneCall(port.executeAll, execute),
  };
};
