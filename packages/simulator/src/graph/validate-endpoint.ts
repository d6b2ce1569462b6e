import { type CallEndpoint, EndpointTimedOut } from './call-endpoint.js';

/**
 * The handshake: `POST {url}?validationToken=…` must be answered with 200, `text/plain` and the decoded token
 * (change-notifications-delivery-webhooks).
 */
export const validateEndpoint = async (
  call: CallEndpoint,
  target: string,
  token: string,
): Promise<'valid' | 'failed' | 'timed-out'> => {
  const url = new URL(target);
  url.searchParams.set('validationToken', token);
  try {
    const { status, contentType, text } = await call({ url, contentType: 'text/plain; charset=utf-8', body: '' });
    const plain = contentType.toLowerCase().startsWith('text/plain');
    return status === 200 && plain && text === token ? 'valid' : 'failed';
  } catch (cause) {
    return cause instanceof EndpointTimedOut ? 'timed-out' : 'failed';
  }
};
