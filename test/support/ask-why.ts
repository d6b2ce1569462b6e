import type { Why, WhyOptions } from '@learnamp/directory-sync';
import { idOf } from './simulator-settings.js';
import type { Stage } from './stage.js';

/** What `why` says of somebody. */
export const askWhy = (stage: Stage, userId: string, options: WhyOptions = {}): Promise<Why> =>
  stage.engine().why(idOf(userId), options);

/** What somebody waits for, as `kind: says until`. */
export const waitsIn = ({ waits }: Why): ReadonlyArray<string> =>
  waits.map(({ kind, says, until }) => `${kind}: ${says} ${until}`);

/** Types of events in their order, and the commands with what became of them. */
export const outline = ({ events, commands }: Why) => ({
  events: events.map(({ type }) => type),
  commands: commands.map(({ kind, receipt }) => `${kind} ${receipt.outcome}`),
});
