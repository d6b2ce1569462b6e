import { scanJson } from '@learnamp/directory-sync-event-sourcing';
import type { JsonLimits } from '@learnamp/directory-sync-event-sourcing';

/** What the handler looks at in an item. `resourceData` is a hint of nobody's: of it only the type is read. */
export type NotificationItem = {
  readonly subscriptionId: string;
  readonly clientState: string | undefined;
  readonly tenantId: string | undefined;
  readonly resource: 'users' | 'groups' | 'other' | undefined;
  readonly kind: { readonly _tag: 'Change' } | { readonly _tag: 'Lifecycle'; readonly event: string };
};

export type DecodedNotification =
  | { readonly _tag: 'Items'; readonly items: ReadonlyArray<NotificationItem | undefined> }
  | { readonly _tag: 'NoNotification' }
  | { readonly _tag: 'TooMany' };

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

/** An own field, so that nothing is ever found on a prototype. */
const textOf = (fields: Fields | undefined, name: string): string | undefined => {
  const value = fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const types: Readonly<Record<string, 'users' | 'groups'>> = {
  '#microsoft.graph.user': 'users',
  '#microsoft.graph.group': 'groups',
};

/** `Users/72b0…`, `/groups` and the like; where there is none, the type that stands with the object. */
const resourceOf = (item: Fields): NotificationItem['resource'] => {
  const path = textOf(item, 'resource');
  if (path === undefined) {
    const type = textOf(fieldsOf(item['resourceData']), '@odata.type')?.toLowerCase();
    return type === undefined ? undefined : Object.hasOwn(types, type) ? types[type] : 'other';
  }
  const [, name] = /^\/?(users|groups)(?:\/|$)/i.exec(path) ?? [];
  return name === undefined ? 'other' : name.toLowerCase() === 'users' ? 'users' : 'groups';
};

const kindOf = (item: Fields): NotificationItem['kind'] | undefined => {
  const event = textOf(item, 'lifecycleEvent');
  if (event !== undefined) return { _tag: 'Lifecycle', event: event.toLowerCase() };
  return textOf(item, 'changeType') === undefined ? undefined : { _tag: 'Change' };
};

const itemOf = (value: unknown): NotificationItem | undefined => {
  const item = fieldsOf(value);
  const subscriptionId = textOf(item, 'subscriptionId');
  const kind = item === undefined ? undefined : kindOf(item);
  if (item === undefined || subscriptionId === undefined || kind === undefined) return undefined;
  return {
    subscriptionId,
    clientState: textOf(item, 'clientState'),
    // Lifecycle notifications were seen with the one in place of the other.
    tenantId: textOf(item, 'tenantId') ?? textOf(item, 'organizationId'),
    resource: resourceOf(item),
    kind,
  };
};

const parse = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
};

/**
 * The items of a notification's body; `undefined` stands for an item that cannot be one. Nothing is parsed that is
 * nested deeper, or holds more, than the limits say.
 */
export const decodeNotification = (bytes: Uint8Array, limits: JsonLimits): DecodedNotification => {
  const scanned = scanJson(bytes, limits);
  if (scanned !== 'within') return { _tag: scanned === 'too-deep' ? 'NoNotification' : 'TooMany' };
  const body = fieldsOf(parse(bytes));
  const value = body !== undefined && Object.hasOwn(body, 'value') ? body['value'] : undefined;
  return Array.isArray(value) ? { _tag: 'Items', items: value.map(itemOf) } : { _tag: 'NoNotification' };
};
