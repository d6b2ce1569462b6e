import type { Projection } from '@learnamp/directory-sync-event-sourcing';
import { initialConnection, type ConnectionState } from '../connection/connection-state.js';
import { connectionEventTypes, evolveConnection } from '../connection/evolve-connection.js';
import { initialDelivered, type DeliveredPerson } from '../delivery/delivered-person.js';
import { deliveredEventTypes, deliveredKeysOf, evolveDelivered } from '../delivery/evolve-delivered.js';
import { initialPerson, type DirectoryPerson } from '../directory/directory-person.js';
import { evolvePerson, personEventTypes } from '../directory/evolve-person.js';
import type { DirectoryEvent } from '../events/directory-events.js';

export const directoryPeople: Projection<DirectoryPerson, DirectoryEvent> = {
  name: 'directory-people',
  version: 1,
  handles: personEventTypes,
  keysOf: (event) => ('userId' in event.data ? [event.data.userId] : []),
  initial: initialPerson,
  evolve: (state, event, key) => evolvePerson(state, event, key),
};

export const deliveredPeople: Projection<DeliveredPerson, DirectoryEvent> = {
  name: 'delivered-people',
  version: 1,
  handles: deliveredEventTypes,
  keysOf: deliveredKeysOf,
  initial: initialDelivered,
  evolve: (state, event, key) => evolveDelivered(state, event, key),
};

export const connections: Projection<ConnectionState, DirectoryEvent> = {
  name: 'connection',
  version: 1,
  handles: connectionEventTypes,
  keysOf: () => ['connection'],
  initial: () => initialConnection,
  evolve: evolveConnection,
};
