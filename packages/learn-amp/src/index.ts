export { withAvatars } from './avatars/with-avatars.js';
export type { Avatar, Avatars } from './avatars/with-avatars.js';
export { checkLearnAmp } from './check/check-learn-amp.js';
export type { CheckOptions } from './check/check-learn-amp.js';
export type { LearnAmpCheck } from './check/learn-amp-check.js';
export { DEADLINE_MS } from './deadline/in-time.js';
export { withDeadline } from './deadline/with-deadline.js';
export type {
  AccountLookup,
  AvatarPicture,
  DispatchedCommand,
  LearnAmpPort,
  LearnAmpTeam,
  PortAlert,
  PortOptions,
} from './learn-amp-port.js';
export { openLearnAmpRest } from './rest/open-learn-amp-rest.js';
export { defaultScopes } from './rest/rest-settings.js';
export type { ExternalIdSlot, LearnAmpSettings, LearnAmpWorld } from './rest/rest-settings.js';
