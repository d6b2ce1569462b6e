type ErrorFacts = {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
};

const facts = (error: unknown): ErrorFacts => (typeof error === 'object' && error !== null ? error : {});

/** `fetch` wraps the socket's error, at times twice; the innermost one with a code says what happened. */
const innermost = (error: unknown): ErrorFacts => {
  let current = facts(error);
  for (let depth = 0; depth < 5 && current.cause !== undefined; depth += 1) current = facts(current.cause);
  return current;
};

const beforeSending = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

const isConnectError = ({ code, syscall }: ErrorFacts): boolean =>
  syscall === 'connect' ||
  syscall === 'getaddrinfo' ||
  (typeof code === 'string' && (beforeSending.has(code) || /CERT|ERR_TLS_/.test(code)));

/** Whether the connection was never made. In doubt it was: a request that may have arrived must not be sent again blindly. */
export const neverSent = (error: unknown): boolean => {
  const inner = innermost(error);
  if (Array.isArray(inner.errors) && inner.errors.length > 0)
    return inner.errors.every((one) => isConnectError(facts(one)));
  return isConnectError(inner);
};

/** The code alone, such as ECONNRESET: messages of sockets name addresses. */
export const networkCode = (error: unknown): string => {
  const { code } = innermost(error);
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'network error';
};
