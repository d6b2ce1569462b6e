/** The connection string cannot be used. Names no part of it: it may hold a password. */
export class EventStoreDbConnectionRefused extends Error {
  constructor(why: string) {
    super(`The connection string of EventStoreDB cannot be used: ${why}`);
    this.name = 'EventStoreDbConnectionRefused';
  }
}

const KNOWN = [
  'tls',
  'tlscafile',
  'usercertfile',
  'userkeyfile',
  'connectionname',
  'nodepreference',
  'discoveryinterval',
  'maxdiscoverattempts',
  'gossiptimeout',
  'keepaliveinterval',
  'keepalivetimeout',
];

const flat = (key: string): string => key.trim().toLowerCase().replace(/[_-]/g, '');

/** Options whose effect would not be the one that is meant, each with what to do instead. */
const refusedOptions: Readonly<Record<string, string>> = {
  tlsverifycert: 'tlsVerifyCert has no effect in this client. Name the certificate authority in tlsCAFile.',
  throwonappendfailure: 'throwOnAppendFailure is not for the connection string to decide. Leave it out.',
  defaultdeadline: 'defaultDeadline is set by the log itself. Leave it out.',
};

const checkOption = (option: string): void => {
  const [key = '', ...value] = option.split('=');
  const refusal = refusedOptions[flat(key)];
  if (refusal !== undefined) throw new EventStoreDbConnectionRefused(refusal);
  if (!KNOWN.includes(flat(key)))
    throw new EventStoreDbConnectionRefused(`it has an option that is not known. Known are ${KNOWN.join(', ')}.`);
  if (value.join('=') === '') throw new EventStoreDbConnectionRefused(`its option ${flat(key)} has no value.`);
};

/**
 * Refuses what the client would print with the whole string, password included, on standard error: unknown options and
 * unsupported ones; and what it would take for something else than is meant.
 */
export const checkConnectionString = (connectionString: string): void => {
  const text = connectionString.trim();
  const [address = '', ...query] = text.split('?');
  if (!/^esdb(\+discover)?:\/\/[^/?]+\/?$/.test(address) || query.length > 1)
    throw new EventStoreDbConnectionRefused('it is not of the form esdb://user:password@host:port?tls=true.');
  const authority = address.replace(/^[^/]*\/\//, '');
  const [hosts = '', login, ...more] = authority.split('@').reverse();
  if (more.length > 0 || (login !== undefined && !/^[^:]+:[^:]+$/.test(login)))
    throw new EventStoreDbConnectionRefused(
      'user and password are user:password@, with : and @ in them percent-encoded.',
    );
  if (hosts.split(',').some((host) => !/^[^:\s]+(:\d{1,5})?\/?$/.test(host)))
    throw new EventStoreDbConnectionRefused('behind the login stand hosts, host:port, with commas between them.');
  for (const option of query.join('').split('&').filter(Boolean)) checkOption(option);
};
