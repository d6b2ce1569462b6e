import type { LearnAmpFailure } from '@learnamp/directory-sync-domain';
import type { Answer } from './attempt.js';
import type { Exchange } from './exchange.js';

/** What is wrong with the call or the credentials, and what to do. Names the route, never what stood in it. */
export const unaddressable = ({ route }: Exchange): LearnAmpFailure => ({
  _tag: 'LearnAmpProtocol',
  detail: `${route} was not sent: the id cannot stand in an address.`,
});

const blocked = ({ route }: Exchange): LearnAmpFailure => ({
  _tag: 'LearnAmpProtocol',
  detail: `${route} answered with a web page (403): check learnAmp.baseUrl, and any proxy or firewall between.`,
  status: 403,
});

const missingScope = ({ route, scope }: Exchange): LearnAmpFailure => ({
  _tag: 'LearnAmpMissingScope',
  scope,
  detail: `Learn Amp does not allow ${route} to these credentials (403): give them the scope ${scope} in Company Settings > API and name it in learnAmp.auth.scope.`,
});

/** A web page with 403 is a proxy's or a firewall's: the API answers JSON, and nobody's scopes would change it. */
export const forbidden = (exchange: Exchange, { body }: Answer): LearnAmpFailure =>
  body._tag === 'NotJson' && body.html ? blocked(exchange) : missingScope(exchange);

export const unauthorised = ({ route }: Exchange): LearnAmpFailure => ({
  _tag: 'LearnAmpCredentials',
  detail: `Learn Amp refused the token for ${route} (401): check learnAmp.auth against Company Settings > API.`,
});

export const redirected = ({ route }: Exchange, status: number): LearnAmpFailure => ({
  _tag: 'LearnAmpProtocol',
  detail: `${route} answered with a redirect (${String(status)}), which is not followed: check learnAmp.baseUrl.`,
});
