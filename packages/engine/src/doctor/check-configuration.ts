import { cloudDefaults } from '@learnamp/directory-sync-graph';
import { checkNotificationUrl } from '../subscriptions/check-notification-url.js';
import { failed, note, ok, type DoctorCheck } from './doctor-check.js';
import type { DoctorOptions } from './doctor-options.js';

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const foreignGraph = ({ graph }: DoctorOptions): string | undefined => {
  const [own, clouds] = [new URL(graph.baseUrl), new URL(cloudDefaults[graph.cloud].baseUrl)];
  return own.host === clouds.host || loopback.test(own.hostname) ? undefined : own.host;
};

/** Addresses that fit each other; everything else of the configuration was checked when it was read. */
export const checkConfiguration = (options: DoctorOptions): DoctorCheck => {
  try {
    for (const url of [options.notifications?.publicUrl, options.notifications?.lifecycleUrl])
      if (url !== undefined) checkNotificationUrl(url);
    const foreign = foreignGraph(options);
    return foreign === undefined
      ? ok('configuration', `The configuration of the connection ${options.connectionId} is sound.`)
      : note(
          'configuration',
          `graph.baseUrl is ${foreign}, which is not the Microsoft Graph of graph.cloud (${options.graph.cloud}): tokens are for the latter; check both, unless a proxy of yours stands there.`,
        );
  } catch (cause) {
    return failed('configuration', cause instanceof Error ? cause.message : 'The configuration cannot be used.');
  }
};
