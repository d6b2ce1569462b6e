import type { SimulatedRequest, SimulatedResponse, System } from './exchange.js';

/**
 * What goes wrong.
 * - `{ status }`: answered so, and nothing is applied. Works for items of a `$batch` too.
 * - `{ delayMs }`: answered correctly, later.
 * - `{ rewrite }`: applied, then the answer is replaced. Works for items of a `$batch` too.
 * - `reset`: the connection is cut; nothing is applied.
 * - `hang`: no answer until the client gives up or the simulator closes; nothing is applied.
 * - `applyThenReset`, `applyThenHang`: applied, and the answer is lost.
 * - `truncate`: applied; the head promises the whole body, half of it arrives, the connection is cut.
 * - `html`: a proxy's page with status 200; nothing is applied.
 * - `wrongJson`: status 200 and JSON that is neither the documented shape nor an error; nothing is applied.
 */
export type FaultAction =
  | 'reset'
  | 'hang'
  | 'applyThenReset'
  | 'applyThenHang'
  | 'truncate'
  | 'html'
  | 'wrongJson'
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly delayMs: number }
  | { readonly rewrite: (response: SimulatedResponse, request: SimulatedRequest) => SimulatedResponse };

export type FaultRule = {
  readonly system?: System;
  readonly method?: string;
  /** Tested against the path as sent, without the query. For an item of a `$batch`: its own path, with `/v1.0` before it. */
  readonly path?: RegExp;
  readonly match?: (request: SimulatedRequest) => boolean;
  /** Only the n-th matching request, counted from 1. */
  readonly nth?: number;
  /** From the n-th matching request on. */
  readonly from?: number;
  /** Each n-th matching request. */
  readonly every?: number;
  /** At most so many times. */
  readonly times?: number;
  readonly action: FaultAction;
};

export type FaultHandle = {
  /** How many requests matched, hit or not. */
  readonly matched: () => number;
  /** How often it struck. A test that relies on a fault asserts that this is not 0. */
  readonly hits: () => number;
  readonly remove: () => void;
};

export interface FaultPlan {
  readonly add: (rule: FaultRule) => FaultHandle;
  readonly clear: () => void;
}

type Planned = { readonly rule: FaultRule; matched: number; hits: number };

const concerns = (rule: FaultRule, request: SimulatedRequest): boolean =>
  (rule.system === undefined || rule.system === request.system) &&
  (rule.method === undefined || rule.method === request.method) &&
  (rule.path === undefined || rule.path.test(request.path)) &&
  (rule.match === undefined || rule.match(request));

const worksInBatch = (action: FaultAction): boolean =>
  typeof action === 'object' && ('status' in action || 'rewrite' in action);

const strikes = ({ rule, matched, hits }: Planned): boolean =>
  (rule.nth === undefined || matched === rule.nth) &&
  (rule.from === undefined || matched >= rule.from) &&
  (rule.every === undefined || matched % rule.every === 0) &&
  (rule.times === undefined || hits < rule.times);

export const makeFaultPlan = (): FaultPlan & {
  readonly strike: (request: SimulatedRequest) => FaultAction | undefined;
} => {
  let planned: Planned[] = [];
  return {
    add: (rule) => {
      const entry: Planned = { rule, matched: 0, hits: 0 };
      planned.push(entry);
      return {
        matched: () => entry.matched,
        hits: () => entry.hits,
        remove: () => {
          planned = planned.filter((other) => other !== entry);
        },
      };
    },
    clear: () => {
      planned = [];
    },
    strike: (request) => {
      let struck: FaultAction | undefined;
      for (const entry of planned) {
        if (request.inBatch && !worksInBatch(entry.rule.action)) continue;
        if (!concerns(entry.rule, request)) continue;
        entry.matched += 1;
        if (struck === undefined && strikes(entry)) {
          entry.hits += 1;
          struck = entry.rule.action;
        }
      }
      return struck;
    },
  };
};
