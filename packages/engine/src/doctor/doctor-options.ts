import type { ObjectId, Preferences } from '@learnamp/directory-sync-domain';
import type { GraphProbes, GraphTransport, GraphTransportSettings, GraphWorld } from '@learnamp/directory-sync-graph';
import type { LearnAmpPort, LearnAmpSettings } from '@learnamp/directory-sync-learn-amp';
import type { Status } from '../connection-status.js';
import type { CertificateProbe } from './probe-certificate.js';

/** The connection as it is configured, and what the doctor may look at. */
export type DoctorOptions = {
  /** Of the connection that is, or will be. */
  readonly connectionId: string;
  /** GUID of the Entra tenant. */
  readonly tenantId: ObjectId;
  /** Object id of the scope group. */
  readonly groupId: ObjectId;
  /** What the sync would follow: whether its fields and attributes are there is looked at. */
  readonly preferences: Preferences;
  /** How the app signs in, as for a connection. */
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
  /** Ends the examination where it stands. */
  readonly signal?: AbortSignal | undefined;
  /** Clock, waiting and network. Default: those of the process. */
  readonly world?: Partial<GraphWorld> | undefined;
  /** How the certificate of the notification address is looked at. Default: by a TLS connection. */
  readonly probeCertificate?: CertificateProbe | undefined;
};

/** The files of a connection, as the doctor looks at them without opening a log. */
export type DoctorFiles = { readonly log?: string | undefined; readonly keys: string; readonly local: string };

/** What the checks of Microsoft Graph share. */
export type Asked = {
  readonly options: DoctorOptions;
  readonly transport: GraphTransport;
  readonly probes: GraphProbes;
  readonly world: GraphWorld;
  readonly signal: AbortSignal;
};
