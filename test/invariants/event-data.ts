import type { EventView } from '@learnamp/directory-sync';

type Fields = Readonly<Record<string, unknown>>;

/** The data of an event as it is read; none where the person was erased. */
export const dataOf = ({ data }: EventView): Fields =>
  typeof data === 'object' && data !== null ? (data as Fields) : {};

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export const textAt = (event: EventView, name: string): string => textOf(dataOf(event)[name]) ?? '';

export type Meta = {
  readonly epoch?: number;
  readonly correlationId?: string;
  readonly graphRequestId?: string;
  readonly subjects: ReadonlyArray<string>;
};

export const metaOf = ({ metadata }: EventView): Meta => metadata as Meta;

export type Item = { readonly commandId: string; readonly subject: string; readonly kind: string };

export const itemsOf = (event: EventView): ReadonlyArray<Item> =>
  event.type === 'CommandsDispatched' ? ((dataOf(event)['items'] ?? []) as ReadonlyArray<Item>) : [];

/** Who had no answer in a cycle in which others had one. */
export const unansweredOf = (event: EventView): ReadonlyArray<Pick<Item, 'subject' | 'kind'>> =>
  event.type === 'CommandsUnanswered' ? ((dataOf(event)['items'] ?? []) as ReadonlyArray<Item>) : [];

export type SentCommand = Readonly<Record<string, unknown>> & { readonly kind: string };

/** The command of a receipt. */
export const commandOf = (event: EventView): SentCommand | undefined =>
  dataOf(event)['command'] as SentCommand | undefined;

/** Events of one attribute of a person, and the attribute. */
export const attributeOfType: Readonly<Record<string, string>> = {
  DisplayNameChanged: 'displayName',
  GivenNameChanged: 'givenName',
  SurnameChanged: 'surname',
  UserPrincipalNameChanged: 'userPrincipalName',
  MailChanged: 'mail',
  JobTitleChanged: 'jobTitle',
  DepartmentChanged: 'department',
  OfficeLocationChanged: 'officeLocation',
  PreferredLanguageChanged: 'preferredLanguage',
  HireDateChanged: 'employeeHireDate',
  UserTypeChanged: 'userType',
};

export const attributeOf = (event: EventView): string | undefined =>
  event.type === 'CustomAttributeChanged' ? textAt(event, 'attribute') : attributeOfType[event.type];
