export { isAttributePath, standardAttributes } from './attributes.js';
export type { Attributes, StandardAttribute } from './attributes.js';
export {
  Command,
  CommandKind,
  Identity,
  Invite,
  ProfileField,
  ProfileValues,
  commandCodecs,
  commandKinds,
  phaseOf,
  profileFields,
  riskOf,
  subjectOf,
} from './commands.js';
export type { CommandOf, Risk } from './commands.js';
export type { DesireNote, DesiredPerson, PersonFacts } from './desired-person.js';
export { directoryEvents } from './events/directory-events.js';
export type { DirectoryEvent, DirectoryEventOf, DirectoryEventType } from './events/directory-events.js';
export { HoldReason } from './events/delivery-events.js';
export { RoundKind, Source, Trigger } from './events/sync-events.js';
export { CommandId, LearnAmpUserId, ObjectId, TeamId, TeamKey, isObjectId, toObjectId } from './ids.js';
export type { Brand } from './ids.js';
export { AccountStatus, LearnAmpAccount, isActiveStatus, isProtectedRole } from './learn-amp-account.js';
export type {
  GroupObservation,
  GroupObserved,
  GroupRemoved,
  ManagerMention,
  MemberKind,
  MemberObserved,
  UserObservation,
  UserObserved,
  UserRemoved,
} from './observations.js';
export { mappedFields } from './preferences/preferences.js';
export type {
  ConfigurationMistake,
  CreationHold,
  DeactivationHold,
  MappedField,
  Preferences,
} from './preferences/preferences.js';
export { RejectionCode } from './receipts.js';
export type { LearnAmpFailure, Outcome, Receipt } from './receipts.js';
