// #region telemetry
import { openSyncEngine, type Logger, type Stores, type SyncEngine } from '@learnamp/directory-sync';
import { openTelemetry } from '@learnamp/directory-sync/otel';

/** `logger` is pino's, or any other that takes facts and then a message. */
export const openTold = (stores: Stores, logger: Logger): SyncEngine =>
  openSyncEngine({ stores, logger, telemetry: openTelemetry() });
// #endregion
