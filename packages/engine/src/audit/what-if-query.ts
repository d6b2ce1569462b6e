import type { CommandKind, Preferences } from '@learnamp/directory-sync-domain';
import type { Progress } from '../directory-sync.js';
import type { CommandView } from './command-view.js';

/** The preferences that are tried. Nothing is saved, recorded or sent. */
export type WhatIfQuery = {
  readonly preferences: Preferences;
  /** Told how many people were planned: everybody twice, with these preferences and with the present ones. Must not throw. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Ends the what-if, which changes nothing at any point. */
  readonly signal?: AbortSignal | undefined;
};

/** A command that saving the preferences would lead to. */
export type WhatIfCommand = CommandView & {
  readonly _tag: 'Command';
  readonly displayName: string | null;
  /** Why it would wait for approval. `null`: it would go out. */
  readonly held: string | null;
  /** The present preferences would send the very same. */
  readonly anyway: boolean;
};

/** A command of the present preferences that the others do not ask for. */
export type NoLongerSent = CommandView & { readonly _tag: 'NoLonger'; readonly displayName: string | null };

/** The last step: what saving the preferences would send, and what it would no longer, by kind. */
export type WhatIfSummary = {
  readonly _tag: 'Summary';
  readonly head: { readonly revision: string; readonly hash: string } | null;
  readonly commands: Readonly<Partial<Record<CommandKind, { readonly sent: number; readonly held: number }>>>;
  /** For how many people something would be sent, or held. */
  readonly people: number;
  readonly noLonger: Readonly<Partial<Record<CommandKind, number>>>;
  /**
   * Attributes of Microsoft Graph that these preferences name and the present ones do not: the first sync after saving reads
   * them, and until then nothing is known of their values. Fields that rest on them alone are left alone here.
   */
  readonly notYetRead: ReadonlyArray<string>;
};

/** Commands by person, teams first; what would no longer be sent; the counts. */
export type WhatIfStep = WhatIfCommand | NoLongerSent | WhatIfSummary;
