export type { AccountLookup, DispatchedCommand, LearnAmpPort, LearnAmpTeam, PortOptions } from './learn-amp-port.js';
