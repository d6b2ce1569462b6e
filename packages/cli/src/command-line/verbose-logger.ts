import type { Logger } from '@learnamp/directory-sync';

/**
 * The engine's log lines, as JSON on stderr. The engine names people by object id only; secrets are taken out here again,
 * by the names that usually hold them and by their values.
 */
export const openVerboseLogger = async (write: (line: string) => void): Promise<Logger> => {
  const { pino } = await import('pino');
  const secret = ['clientSecret', 'client_secret', 'token', 'access_token', 'authorization', 'Authorization'];
  const logger = pino(
    {
      level: 'debug',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secret.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
    },
    { write },
  );
  return {
    debug: (facts, message) => logger.debug(facts, message),
    info: (facts, message) => logger.info(facts, message),
    warn: (facts, message) => logger.warn(facts, message),
  };
};
