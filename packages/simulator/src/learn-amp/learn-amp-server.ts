import { json, Refusal, type SimulatedRequest, type SimulatedResponse } from '../http/exchange.js';
import { matchRoute, pathSegments } from '../http/router.js';
import { bodyFields, type Fields } from './body-fields.js';
import type { LearnAmpContext } from './learn-amp-context.js';
import { makeRateLimiter } from './rate-limiter.js';
import { teamRoutes } from './team-routes.js';
import { userRoutes } from './user-routes.js';

const guarded = async (work: () => SimulatedResponse | Promise<SimulatedResponse>): Promise<SimulatedResponse> => {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Refusal) return cause.response;
    throw cause;
  }
};

const fieldsForLog = (request: SimulatedRequest): Fields => {
  try {
    return bodyFields(request);
  } catch {
    return {};
  }
};

/** Everything of the Learn Amp origin: `/oauth/token` and the API below `/v1`. Writes enter the model's log, refused ones too. */
export const makeLearnAmpHandler = (
  learnAmp: LearnAmpContext,
): ((request: SimulatedRequest) => Promise<SimulatedResponse>) => {
  const routes = [...userRoutes(learnAmp), ...teamRoutes(learnAmp)];

  const overLimit = makeRateLimiter(learnAmp.behaviour.rateLimit, learnAmp.clock);

  const dispatch = (request: SimulatedRequest): SimulatedResponse | Promise<SimulatedResponse> => {
    const segments = pathSegments(request.path);
    const found = segments === undefined ? undefined : matchRoute(routes, request.method, segments);
    switch (found?.kind) {
      case 'found':
        return found.handle({ request, parameters: found.parameters });
      case 'wrong-method':
        return json(405, { error: '405 Not Allowed' });
      default:
        return json(404, { error: 'Not found' });
    }
  };

  return async (request) => {
    if (request.system === 'token') return guarded(() => learnAmp.tokens.tokenEndpoint(request));
    const response = overLimit() ?? (await guarded(() => dispatch(request)));
    if (request.method !== 'GET') {
      learnAmp.model.recordWrite({
        method: request.method,
        path: request.path,
        body: fieldsForLog(request),
        status: response.status,
      });
    }
    return response;
  };
};

export const learnAmpSystemOf = (path: string): 'learnAmp' | 'token' =>
  path === '/oauth/token' ? 'token' : 'learnAmp';
