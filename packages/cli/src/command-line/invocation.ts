import type { Moment } from '@learnamp/directory-sync';

export type { Moment };

/** What every verb takes. */
export type CommonOptions = {
  /** Configuration files as given, at least one; several for `run`, `console` and `status` only. */
  readonly configs: readonly [string, ...ReadonlyArray<string>];
  readonly json: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
};

/** One call of `directory-sync`, parsed and checked as far as that needs nothing but the words. */
export type Invocation = CommonOptions &
  (
    | {
        readonly verb: 'sync';
        readonly full: boolean;
        readonly dryRun: boolean;
        readonly yes: boolean;
        readonly photos: boolean;
        /** This person alone. */
        readonly user?: string | undefined;
      }
    | { readonly verb: 'preview'; readonly names: boolean; readonly full: boolean; readonly photos: boolean }
    | { readonly verb: 'reconcile'; readonly by: string | undefined }
    | {
        readonly verb: 'run';
        /** The port on which the console is served; `undefined`: it is not. */
        readonly console?: number | undefined;
      }
    | { readonly verb: 'pause'; readonly reason: string; readonly by: string | undefined }
    | { readonly verb: 'resume'; readonly reason: string | undefined; readonly by: string | undefined }
    | { readonly verb: 'disconnect'; readonly reason: string; readonly by: string | undefined }
    | {
        readonly verb: 'held';
        readonly action: 'list';
        readonly by: string | undefined;
        readonly limit: number | undefined;
      }
    | {
        readonly verb: 'held';
        readonly action: 'approve' | 'reject';
        /** Nobody named: everybody who is held. */
        readonly users: ReadonlyArray<string>;
        readonly by: string;
        readonly reason: string;
      }
    | { readonly verb: 'parked'; readonly by: string | undefined; readonly limit: number | undefined }
    | {
        readonly verb: 'retry';
        /** `undefined`: everybody who is parked. */
        readonly user: string | undefined;
        readonly reason: string | undefined;
        readonly by: string | undefined;
      }
    | { readonly verb: 'backup'; readonly folder: string }
    | { readonly verb: 'restore'; readonly folder: string; readonly erasures: string | undefined }
    | { readonly verb: 'keys'; readonly action: 'rotate'; readonly users: ReadonlyArray<string> }
    | {
        readonly verb: 'keys';
        readonly action: 'rewrap';
        /** Where the earlier master key is, as in the configuration; `undefined`: there was none. */
        readonly from: { readonly env: string } | { readonly file: string } | undefined;
      }
    | { readonly verb: 'erase'; readonly user: string; readonly reason: string; readonly by: string | undefined }
    | { readonly verb: 'consent'; readonly action: 'begin'; readonly redirect: string }
    | {
        readonly verb: 'consent';
        readonly action: 'complete';
        /** `undefined`: it is asked for. */
        readonly address: string | undefined;
      }
    | { readonly verb: 'doctor'; readonly learnAmp: boolean; readonly names: boolean }
    | { readonly verb: 'console'; readonly port: number }
    | { readonly verb: 'status'; readonly watch: boolean }
    | { readonly verb: 'people'; readonly users: ReadonlyArray<string>; readonly by: string | undefined }
    | { readonly verb: 'why'; readonly user: string; readonly live: boolean; readonly by: string | undefined }
    | {
        readonly verb: 'export';
        readonly user: string;
        /** A new file, in place of standard output. */
        readonly out: string | undefined;
        readonly by: string | undefined;
      }
    | { readonly verb: 'accesses'; readonly users: ReadonlyArray<string>; readonly from: Date | undefined }
    | {
        readonly verb: 'events';
        readonly from: bigint | undefined;
        readonly to: bigint | undefined;
        readonly types: ReadonlyArray<string>;
        readonly users: ReadonlyArray<string>;
        readonly follow: boolean;
      }
    | {
        readonly verb: 'replay';
        readonly from: Moment | undefined;
        readonly to: Moment | undefined;
        readonly users: ReadonlyArray<string>;
        /** A file of preferences. */
        readonly withPreferences: string | undefined;
        readonly history: boolean;
      }
    | { readonly verb: 'state'; readonly at: Moment; readonly users: ReadonlyArray<string> }
    | { readonly verb: 'diff'; readonly from: Moment; readonly to: Moment; readonly users: ReadonlyArray<string> }
    | { readonly verb: 'verify'; readonly head: string | undefined }
    | { readonly verb: 'log'; readonly action: 'head' | 'export'; readonly out: string | undefined }
    | { readonly verb: 'log'; readonly action: 'import'; readonly file: string }
    | {
        readonly verb: 'rebuild';
        readonly projection: Projection | undefined;
        readonly verify: boolean;
        readonly list: boolean;
      }
  );

export type InvocationOf<V extends Invocation['verb']> = Extract<Invocation, { readonly verb: V }>;

/** What `rebuild` takes as a name. */
export const projections = ['connection', 'directory-people', 'delivered-people', 'memberships'] as const;
export type Projection = (typeof projections)[number];

/** The words asked for something that needs no verb. */
export type Parsed =
  | { readonly _tag: 'Run'; readonly invocation: Invocation }
  | { readonly _tag: 'Print'; readonly text: string }
  | { readonly _tag: 'Mistake'; readonly path: string; readonly message: string };
