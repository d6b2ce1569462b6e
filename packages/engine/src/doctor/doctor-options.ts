import type { ObjectId, Preferences } from '@learnamp/directory-sync-domain';
import type { GraphProbes, GraphTransport, GraphTransportSettings, GraphWorld } from '@learnamp/directory-sync-graph';
import type { LearnAmpPort, LearnAmpSettings } from '@learnamp/directory-sync-learn-amp';
import type { Status } from '../connection-status.js';
import type { CertificateProbe } from './probe-certificate.js';

export type DoctorOptions = {
  readonly connectionId: string;
  readonly tenantId: ObjectId;
  readonly groupId: ObjectId;
  readonly preferences: Preferences;
  readonly graph: Omit<GraphTransportSettings, 'tenantId'>;
  /** The REST API; or what the host implements in process, which is not looked at. */
  readonly learnAmp: LearnAmpSettings | LearnAmpPort;
  /** Where Graph posts notifications. Absent: changes are polled. */
  readonly notifications?: { readonly publicUrl: string; readonly lifecycleUrl?: string | undefined } | undefined;
  /** Files of log, key store and local database, as far as they are files. */
  readonly files?: DoctorFiles | undefined;
  /** How the connection stands, from a log that is opened to be read alone. */
  readonly status?: (() => Promise<Status>) | undefined;
  /** Names the people of the sample. Default `false`: they are counted. */
  readonly names?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly world?: Partial<GraphWorld> | undefined;
  /** How the certificate of the notification address is looked at. Default: by a TLS connection. */
  readonly probeCertificate?: CertificateProbe | undefined;
};

export type DoctorFiles = { readonly log?: string | undefined; readonly keys: string; readonly local: string };

/** What the checks of Microsoft Graph share. */
export type Asked = {
  readonly options: DoctorOptions;
  readonly transport: GraphTransport;
  readonly probes: GraphProbes;
  readonly world: GraphWorld;
  readonly signal: AbortSignal;
};
