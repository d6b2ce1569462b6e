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
export type { DesiredEmail, DesireNote, DesiredPerson, PersonFacts } from './desired-person.js';
export { PersonalDataViewed, PersonalView, accessEvents } from './events/access-events.js';
export type { AccessEvent } from './events/access-events.js';
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
export { isAddress } from './desire/address.js';
export { cleanText, textLimit } from './desire/clean-text.js';
export type { CleanText } from './desire/clean-text.js';
export { desire } from './desire/desire.js';
export { emailFrom } from './desire/email.js';
export type { EmailSources } from './desire/email.js';
export { foldLanguage, learnAmpLanguages } from './desire/fold-language.js';
export type { LearnAmpLanguage } from './desire/fold-language.js';
export { hireDateIn } from './desire/hire-date.js';
export { namesFrom } from './desire/names.js';
export type { Names, NameSources } from './desire/names.js';
export { teamKeyOf } from './desire/team-key.js';
export { decideCreations } from './hold/decide-creations.js';
export type { CreationPlan } from './hold/decide-creations.js';
export { MOST_UNANSWERED, silentKinds } from './delivery/evolve-unanswered.js';
export { takesSeat } from './plan/refused.js';
export { noAnswer } from './plan/sendable.js';
export { addressChangedByHand } from './delivery/note-drift.js';
export { decideDeactivations } from './hold/decide-deactivations.js';
export type { DeactivationCandidate, DeactivationPlan, HoldDecision, Standing } from './hold/decide-deactivations.js';
export { isNeverDeactivated } from './hold/never-deactivated.js';
export type { DispatchedAt } from './hold/window.js';
export { decodePreferences, decodeStoredPreferences } from './preferences/decode-preferences.js';
export { defaultPreferences } from './preferences/default-preferences.js';
export { encodePreferences } from './preferences/encode-preferences.js';
export { mappedAttributes } from './preferences/mapped-attributes.js';
export { nearestKey, unknownKeyMessage } from './preferences/nearest-key.js';
export { connectionFromJson } from './connection/connection-from-json.js';
export { initialConnection, isResting } from './connection/connection-state.js';
export type { ConnectionState, Cursor, CursorLink, DeliveryPause, Sent } from './connection/connection-state.js';
export { evolveConnection, evolveConnectionBy } from './connection/evolve-connection.js';
export { initialDelivered } from './delivery/delivered-person.js';
export { notKept } from './delivery/not-kept.js';
export type { DeliveredPerson, Hold } from './delivery/delivered-person.js';
export { deliveredEventTypes, deliveredKeysOf, evolveDelivered } from './delivery/evolve-delivered.js';
export { onCopy, onOwnCopies, type Drafting } from './evolve/drafting.js';
export { detectAbsentMembers, detectGroup } from './directory/detect-group.js';
export type { KnownGroup } from './directory/detect-group.js';
export { havePassed } from './erasure/months-passed.js';
export { isSettledLeaver, whyNotErasable } from './erasure/why-not-erasable.js';
export type { NotErasable } from './erasure/why-not-erasable.js';
export { detectUser } from './directory/detect-user.js';
export { initialPerson } from './directory/directory-person.js';
export type { DirectoryPerson, Leave } from './directory/directory-person.js';
export { evolvePerson, personEventTypes } from './directory/evolve-person.js';
export { mergeMentions } from './directory/merge-mentions.js';
export { claimsOf } from './plan/claims.js';
export { compareAccount } from './plan/compare-account.js';
export type { AccountLook } from './plan/compare-account.js';
export type { PersonPlan, PlanNote } from './plan/person-plan.js';
export { plannerVersion } from './plan/plan-context.js';
export type { PlanContext } from './plan/plan-context.js';
export { planPerson } from './plan/plan-person.js';
export { asUnreadable, isOfDirectory, makesGood, soleSubject } from './events/event-unreadable.js';
export type { EventUnreadable } from './events/event-unreadable.js';
export { isDueAgain, nextTryAt, refusalKey } from './plan/refused.js';
export { isApproved, isApprovedByName, isHeldByName, mayBeDispatched } from './hold/standing-of.js';
export { planTeams } from './plan/plan-teams.js';
export { joinScope } from './scope/join.js';
export { pathTo, reachOver, reachableGroups } from './scope/reachable.js';
export type { GroupGraph, Reach, ReachableGroups } from './scope/reachable.js';
export { scopeDifference } from './scope/scope-difference.js';
export type { ScopeDifference } from './scope/scope-difference.js';
