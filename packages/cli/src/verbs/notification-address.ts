import type { Configuration } from '../configuration/configuration.js';
import { WrongUse } from './verb-context.js';

/** Where the running engine listens, and under which path it takes notifications. */
export type NotificationAddress = {
  readonly publicUrl: string | undefined;
  readonly listen: { readonly host: string; readonly port: number } | undefined;
};

const single = (
  configurations: ReadonlyArray<Configuration>,
  key: keyof Configuration['notifications'],
): string | undefined => {
  const [first, ...others] = new Set(configurations.flatMap(({ notifications }) => notifications[key] ?? []));
  if (others.length > 0)
    throw new WrongUse(
      `notifications.${key}`,
      'must be the same in every configuration of one process: there is one server',
    );
  return first;
};

/** `host:port`, as the configuration has checked it. */
const hostAndPort = (listen: string): { readonly host: string; readonly port: number } => {
  const at = listen.lastIndexOf(':');
  return { host: listen.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(listen.slice(at + 1)) };
};

/** One process has one server, so its configurations agree on it; those that say nothing go along. */
export const notificationAddress = (configurations: ReadonlyArray<Configuration>): NotificationAddress => {
  const publicUrl = single(configurations, 'publicUrl');
  const listen = single(configurations, 'listen');
  if (publicUrl !== undefined && listen === undefined)
    throw new WrongUse('notifications.listen', 'is required with notifications.publicUrl: run answers there');
  return { publicUrl, listen: listen === undefined ? undefined : hostAndPort(listen) };
};
