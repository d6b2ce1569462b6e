import type { Handler, SimulatedRequest, SimulatedResponse } from './exchange.js';
import type { FaultAction, makeFaultPlan } from './fault-plan.js';
import type { makeRequestLog } from './request-log.js';

/** What becomes of one request, whatever carries it: a socket or a call in the same process. */
export type Delivery =
  | { readonly kind: 'whole'; readonly response: SimulatedResponse }
  /** The head promises all of it, half of the body arrives. */
  | { readonly kind: 'half'; readonly response: SimulatedResponse }
  /** The connection is cut without an answer. */
  | { readonly kind: 'cut' }
  /** Nothing, until the client gives up. */
  | { readonly kind: 'silence' };

export type AnswerOptions = {
  readonly handle: Handler;
  readonly log: ReturnType<typeof makeRequestLog>;
  readonly faults: ReturnType<typeof makeFaultPlan>;
  readonly later: (milliseconds: number) => Promise<void>;
};

const page = '<!DOCTYPE html><html><head><title>Proxy</title></head><body><h1>Please sign in</h1></body></html>';

/** Actions that answer without asking the system. */
const instead = (action: FaultAction | undefined): SimulatedResponse | undefined => {
  if (action === 'html') return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
  if (action === 'wrongJson') return { status: 200, headers: {}, body: { unexpected: true } };
  if (typeof action === 'object' && 'status' in action) {
    return { status: action.status, headers: action.headers ?? {}, body: action.body };
  }
  return undefined;
};

/** Logs the request, lets the plan of faults strike, and asks the system. */
export const answerRequest = async (options: AnswerOptions, request: SimulatedRequest): Promise<Delivery> => {
  const { answered, made } = options.log.begin(request);
  const action = options.faults.strike(request);
  if (action === 'reset') return { kind: 'cut' };
  if (action === 'hang') return { kind: 'silence' };
  const substitute = instead(action);
  if (substitute !== undefined) {
    answered(substitute.status);
    return { kind: 'whole', response: substitute };
  }
  const applied = await options.handle(request);
  made(applied.headers['request-id']);
  const response = typeof action === 'object' && 'rewrite' in action ? action.rewrite(applied, request) : applied;
  if (action === 'applyThenReset') return { kind: 'cut' };
  if (action === 'applyThenHang') return { kind: 'silence' };
  if (typeof action === 'object' && 'delayMs' in action) await options.later(action.delayMs);
  answered(response.status, response.items);
  return { kind: action === 'truncate' ? 'half' : 'whole', response };
};
