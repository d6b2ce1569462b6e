/** The engine's telemetry by the API of OpenTelemetry: without an SDK in the process nothing is collected, and next to nothing is done. */
export { openTelemetry } from './telemetry/open-telemetry.js';
export type { OpenTelemetryOptions } from './telemetry/open-telemetry.js';
export { attributeNames, metricNames, spanNames } from './telemetry/telemetry-names.js';
