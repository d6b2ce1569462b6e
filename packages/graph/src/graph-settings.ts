import type { ClientSettings } from './sign-in/credential-settings.js';
import type { Governor } from './transport/governor.js';

/** How to reach Graph and sign in. Secrets are values, or functions that give them: those are asked again after a refusal. */
export type GraphSettings = {
  /** GUID of the Entra tenant. */
  readonly tenantId: string;
  /** Which of Microsoft's clouds: it decides the scope that is signed in for. */
  readonly cloud: 'global' | 'usgov' | 'usgovdod' | 'china';
  /** With the version, such as `https://graph.microsoft.com/v1.0`. */
  readonly baseUrl: string;
  /** How the app signs in. Secrets may be functions, which are asked again when they are refused. */
  readonly auth:
    | ClientSettings
    /** A fixed bearer: loopback addresses only. */
    | { readonly kind: 'token'; readonly token: string };
  /** Attributes to select beyond the standard ones and `accountEnabled`, as paths. */
  readonly customAttributes: ReadonlyArray<string>;
  /** How long one request may go without success before the call fails, or `undefined` for as long as it takes. */
  readonly patienceMs: number | undefined;
  /**
   * A wait that Graph asked for (`Retry-After`) is waited for, however long, and `patienceMs` is for what goes wrong without a
   * word. Default: a longer wait than the patience ends the request as `GraphThrottled`.
   */
  readonly waitsAsTold?: boolean | undefined;
};

/** What a tenant's transport is opened with: everything but what one reader selects. */
export type GraphTransportSettings = Omit<GraphSettings, 'customAttributes'>;

/** The world, injected. `fetch` sits below the client libraries. */
export type GraphWorld = {
  /** Every request goes through it, sign-ins included. */
  readonly fetch: typeof globalThis.fetch;
  /** The clock of the host. */
  readonly now: () => Date;
  /** Between 0 and 1: the jitter of pauses and polls. */
  readonly random: () => number;
  /** Resolves after the time, or rejects when the signal aborts. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** A new random UUID, for requests and events. */
  readonly newId: () => string;
  /** Shared by everything that asks Graph about one Entra tenant; without it the transport makes one of its own. */
  readonly governor?: Governor | undefined;
};
