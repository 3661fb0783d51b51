// The kinds, their fields and the extras of the verbs. Generated from kith_schema() by `npm run types`: do not edit.
import type { AsyncKind, Kind, Name } from './index';

/** A point in time: a Date, milliseconds since 1970, or RFC 3339 text. */
export type Moment = Date | number | string;

/** Custom fields of leads. Declare yours: `declare module 'kith' { interface LeadCustomFields { seat_count: number | null } }`. */
export interface LeadCustomFields {}

/** A row: somebody interested: an address and what is known beside it. */
export interface Lead extends LeadCustomFields {
  /** Kith's own number of the lead */
  id: number;
  /** the address; the one thing that a lead must have */
  email: string;
  /** the host's own key */
  externalId: string | null;
  /** first name */
  firstName: string | null;
  /** middle name */
  middleName: string | null;
  /** last name */
  lastName: string | null;
  /** phone, as it was written */
  phone: string | null;
  /** second phone */
  phone2: string | null;
  /** company, as text */
  company: string | null;
  /** job title */
  jobTitle: string | null;
  /** website; example.com is kept as https://example.com */
  website: string | null;
  /** first line of the postal address */
  address1: string | null;
  /** second line of the postal address */
  address2: string | null;
  /** city */
  city: string | null;
  /** state, province or county */
  region: string | null;
  /** postcode */
  postcode: string | null;
  /** ISO 3166-1 alpha-2, such as SE */
  country: string | null;
  /** IANA name, such as Europe/Stockholm */
  timeZone: string | null;
  /** BCP 47 tag, such as sv-SE */
  language: string | null;
  /** date of birth, YYYY-MM-DD */
  birthDate: string | null;
  /** Facebook profile */
  facebook: string | null;
  /** X profile */
  x: string | null;
  /** LinkedIn profile */
  linkedin: string | null;
  /** Instagram profile */
  instagram: string | null;
  /** URL of a picture */
  picture: string | null;
  /** IP address at the first touch */
  ip: string | null;
  /** where the lead came from; the first touch is kept */
  source: string | null;
  /** what referred the lead */
  referrer: string | null;
  /** the host's user who looks after the lead */
  owner: string | null;
  /** sum of the points that stand */
  score: number;
  /** when the lead was made */
  created: Date;
  /** when a field last changed */
  updated: Date;
  /** when the newest event of the log happened; ask for it by name */
  lastActivity?: Date | null;
}

/** What may be put: somebody interested: an address and what is known beside it. */
export interface LeadFields extends Partial<LeadCustomFields> {
  /** Kith's own number of the lead */
  id?: number | null;
  /** the address; the one thing that a lead must have */
  email?: string | null;
  /** the host's own key */
  externalId?: string | null;
  /** first name */
  firstName?: string | null;
  /** middle name */
  middleName?: string | null;
  /** last name */
  lastName?: string | null;
  /** phone, as it was written */
  phone?: string | null;
  /** second phone */
  phone2?: string | null;
  /** company, as text */
  company?: string | null;
  /** job title */
  jobTitle?: string | null;
  /** website; example.com is kept as https://example.com */
  website?: string | null;
  /** first line of the postal address */
  address1?: string | null;
  /** second line of the postal address */
  address2?: string | null;
  /** city */
  city?: string | null;
  /** state, province or county */
  region?: string | null;
  /** postcode */
  postcode?: string | null;
  /** ISO 3166-1 alpha-2, such as SE */
  country?: string | null;
  /** IANA name, such as Europe/Stockholm */
  timeZone?: string | null;
  /** BCP 47 tag, such as sv-SE */
  language?: string | null;
  /** date of birth, YYYY-MM-DD */
  birthDate?: string | null;
  /** Facebook profile */
  facebook?: string | null;
  /** X profile */
  x?: string | null;
  /** LinkedIn profile */
  linkedin?: string | null;
  /** Instagram profile */
  instagram?: string | null;
  /** URL of a picture */
  picture?: string | null;
  /** IP address at the first touch */
  ip?: string | null;
  /** where the lead came from; the first touch is kept */
  source?: string | null;
  /** what referred the lead */
  referrer?: string | null;
  /** the host's user who looks after the lead */
  owner?: string | null;
}

/** A row: what somebody wrote about a lead. */
export interface Note {
  /** Kith's number of the note */
  id: number;
  /** whom it is about */
  lead: number;
  /** what it says, at most 64 KB */
  text: string;
  /** who wrote it; if not given, who puts it */
  author: string | null;
  /** when it was written */
  created: Date;
  /** when it last changed */
  updated: Date;
}

/** What may be put: what somebody wrote about a lead. */
export interface NoteFields {
  /** Kith's number of the note */
  id?: number | null;
  /** whom it is about */
  lead?: Name | null;
  /** what it says, at most 64 KB */
  text?: string | null;
  /** who wrote it; if not given, who puts it */
  author?: string | null;
}

/** A row: another e-mail address of a lead. */
export interface Address {
  /** Kith's number of the address */
  id: number;
  /** whose it is */
  lead: number;
  /** the address, as it was given */
  email: string;
  /** when it was added */
  created: Date;
}

/** What may be put: another e-mail address of a lead. */
export interface AddressFields {
  /** Kith's number of the address */
  id?: number | null;
  /** whose it is */
  lead?: Name | null;
  /** the address, as it was given */
  email?: string | null;
}

/** A row: a mark on leads that they never see. */
export interface Tag {
  /** Kith's number of the tag */
  id: number;
  /** unique regardless of case; leads never see it */
  name: string;
  /** what it says of a lead */
  description: string | null;
  /** the category it is in */
  category: string | null;
  /** when every assignment ends that has no end of its own */
  expires: Date | null;
  /** how long an assignment lasts, such as 30 days */
  expiresAfter: number | null;
  /** how many leads have it */
  leads: number;
  /** when it was made */
  created: Date;
  /** when it last changed */
  updated: Date;
}

/** What may be put: a mark on leads that they never see. */
export interface TagFields {
  /** Kith's number of the tag */
  id?: number | null;
  /** unique regardless of case; leads never see it */
  name?: string | null;
  /** what it says of a lead */
  description?: string | null;
  /** the category it is in */
  category?: Name | null;
  /** when every assignment ends that has no end of its own */
  expires?: Moment | null;
  /** how long an assignment lasts, such as 30 days */
  expiresAfter?: string | number | null;
}

/** A row: a group of tags. */
export interface Category {
  /** Kith's number of the category */
  id: number;
  /** unique regardless of case */
  name: string;
  /** what the tags in it have in common */
  description: string | null;
  /** how many tags are in it */
  tags: number;
  /** when it was made */
  created: Date;
  /** when it last changed */
  updated: Date;
}

/** What may be put: a group of tags. */
export interface CategoryFields {
  /** Kith's number of the category */
  id?: number | null;
  /** unique regardless of case */
  name?: string | null;
  /** what the tags in it have in common */
  description?: string | null;
}

/** A row: a tag on a lead. */
export interface Assignment {
  /** the id of the event by which the lead got the tag */
  id: number;
  /** who has the tag */
  lead: number;
  /** the tag */
  tag: string;
  /** when it was assigned */
  at: Date;
  /** when it ends; empty: never */
  expires: Date | null;
  /** who assigned it */
  by: string | null;
}

/** A row: a field of leads that the host defines. */
export interface Field {
  /** Kith's number of the field */
  id: number;
  /** the name by which a lead's field is written: small letters, digits and _ */
  key: string;
  /** what people call it */
  label: string | null;
  /** what it holds */
  type: 'text' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime' | 'choice' | 'choices';
  /** of a choice or choices: a JSON array of texts */
  options: string[] | null;
  /** 1: a new lead must have it */
  required: boolean | null;
  /** 1: leads can be sorted and found by it quickly */
  indexed: boolean | null;
  /** what it is for */
  description: string | null;
  /** when it was made */
  created: Date;
  /** when it last changed */
  updated: Date;
}

/** What may be put: a field of leads that the host defines. */
export interface FieldFields {
  /** Kith's number of the field */
  id?: number | null;
  /** the name by which a lead's field is written: small letters, digits and _ */
  key?: string | null;
  /** what people call it */
  label?: string | null;
  /** what it holds */
  type?: 'text' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime' | 'choice' | 'choices' | null;
  /** of a choice or choices: a JSON array of texts */
  options?: readonly string[] | null;
  /** 1: a new lead must have it */
  required?: boolean | null;
  /** 1: leads can be sorted and found by it quickly */
  indexed?: boolean | null;
  /** what it is for */
  description?: string | null;
}

/** A row: leads who get the same communications; they see it and manage it. */
export interface List {
  /** Kith's number of the list */
  id: number;
  /** the host's name; unique regardless of case */
  name: string;
  /** what leads see; empty: the name */
  publicName: string | null;
  /** what leads are told of it */
  description: string | null;
  /** 1: leads see it on the preference page; the default */
  visible: boolean | null;
  /** single, double (leads confirm), or out (all are in until they leave) */
  optIn: 'single' | 'double' | 'out' | null;
  /** what its messages use; e-mail by default */
  channels: Array<'email' | 'sms'> | null;
  /** how long a lead may take to confirm, 14 days by default; 0: for ever */
  lapseAfter: number | null;
  /** confirmation messages that a lead is sent in a period, at most; 3 by default */
  confirmLimit: number | null;
  /** the period of confirm_limit; a day by default */
  confirmPeriod: number | null;
  /** how many leads are subscribed */
  leads: number;
  /** when it was made */
  created: Date;
  /** when it last changed */
  updated: Date;
}

/** What may be put: leads who get the same communications; they see it and manage it. */
export interface ListFields {
  /** Kith's number of the list */
  id?: number | null;
  /** the host's name; unique regardless of case */
  name?: string | null;
  /** what leads see; empty: the name */
  publicName?: string | null;
  /** what leads are told of it */
  description?: string | null;
  /** 1: leads see it on the preference page; the default */
  visible?: boolean | null;
  /** single, double (leads confirm), or out (all are in until they leave) */
  optIn?: 'single' | 'double' | 'out' | null;
  /** what its messages use; e-mail by default */
  channels?: ReadonlyArray<'email' | 'sms'> | null;
  /** how long a lead may take to confirm, 14 days by default; 0: for ever */
  lapseAfter?: string | number | null;
  /** confirmation messages that a lead is sent in a period, at most; 3 by default */
  confirmLimit?: number | null;
  /** the period of confirm_limit; a day by default */
  confirmPeriod?: string | number | null;
}

/** A row: a lead on a list, in a state. */
export interface Subscription {
  /** the id of the event that brought the state */
  id: number;
  /** who */
  lead: number;
  /** the list */
  list: string;
  /** pending, subscribed, unsubscribed, bounced, complained; lapsed: never confirmed */
  state: 'subscribed' | 'pending' | 'unsubscribed' | 'bounced' | 'complained' | 'lapsed';
  /** when it came to be so */
  since: Date;
  /** how: host, form, import, automation, token, page, gateway, lead */
  via: string | null;
  /** 1: by an act of the lead's own */
  own: boolean | null;
  /** until when a pending one can be confirmed */
  lapses: Date | null;
  /** who did it */
  by: string | null;
}

/** A row: a time in which a lead wants no messages. */
export interface Pause {
  /** the id of the event that paused */
  id: number;
  /** who wants no messages */
  lead: number;
  /** on which list; empty: on all */
  list: string | null;
  /** when it ends */
  until: Date | null;
  /** why, in the lead's or the host's words */
  reason: string | null;
}

/** A row: what must not be contacted, and why; removing one lifts it. */
export interface Suppression {
  /** Kith's number of the suppression */
  id: number;
  /** the address, @domain or tel:phone; empty once erased */
  target: string | null;
  /** email, sms, or all */
  channel: string | null;
  /** hard_bounce, soft_bounce, complaint, manual, erased, stop */
  reason: string | null;
  /** the host's */
  note: string | null;
  /** SHA-256 of what is suppressed, in hexadecimal */
  hash: string | null;
  /** since when */
  created: Date;
}

/** A row: what a link in a message proves its reader by; the secret itself is not kept. */
export interface Token {
  /** Kith's number of the token */
  id: number;
  /** whom it stands for */
  lead: number;
  /** confirm, unsubscribe, preferences, data */
  purpose: string;
  /** the list that it is about, if it is about one */
  list: string | null;
  /** live, used, expired, revoked */
  state: 'live' | 'used' | 'expired' | 'revoked';
  /** when it was made */
  created: Date;
  /** when it ends; empty: never */
  expires: Date | null;
  /** when it confirmed */
  used: Date | null;
  /** when it was revoked */
  revoked: Date | null;
}

/** A row: something that happened: the log. */
export interface Event {
  /** the event's number; later events have higher ones */
  id: number;
  /** when it happened */
  at: Date;
  /** what happened, such as tag.assigned */
  kind: string;
  /** to whom; empty: to no lead */
  lead: number | null;
  /** the host's own subject */
  subject: string | null;
  /** who did it */
  by: string | null;
  /** from which address */
  ip: string | null;
  /** the event that led to it */
  cause: number | null;
  /** what else is known of it */
  data: unknown | null;
}

/** A row: a kind of event: Kith's own, and those the host has recorded. */
export interface EventKind {
  /** the kind's number; the host's begin at 1000 */
  id: number;
  /** such as shop.cart_left */
  name: string;
  /** when it was first recorded */
  created: Date;
}

/** Named extras of every verb that writes. */
export interface Extras {
  /** who does it */
  by?: string | null;
  /** the address that the act came from */
  ip?: string | null;
  /** when it happened; default: now */
  at?: Moment | null;
  /** the host's own key: the same key for the same act is done once */
  key?: string | null;
  /** the event that led to it */
  cause?: number | null;
}

/** Extras of put. */
export interface PutExtras extends Extras {
  /** a tag to assign in the same act; repeatable */
  tag?: string | readonly string[] | null;
  /** a list to subscribe to in the same act; repeatable */
  list?: string | readonly string[] | null;
  /** the wording that was agreed to */
  consent?: string | null;
  /** it was confirmed elsewhere */
  confirmed?: boolean | null;
  /** the way by which it came */
  via?: 'host' | 'form' | 'import' | 'automation' | null;
  /** whether the list's welcome is asked for */
  welcome?: boolean | null;
  /** write only fields that are empty */
  fillGaps?: boolean | null;
  /** a NULL leaves its field as it is */
  skipNull?: boolean | null;
  /** leave leads alone that are there */
  createOnly?: boolean | null;
  /** make no new leads */
  updateOnly?: boolean | null;
  /** the source of new leads whose row names none */
  source?: string | null;
}

/** Extras of putMany. */
export interface PutManyExtras extends Extras {
  /** a tag to assign in the same act; repeatable */
  tag?: string | readonly string[] | null;
  /** a list to subscribe to in the same act; repeatable */
  list?: string | readonly string[] | null;
  /** the wording that was agreed to */
  consent?: string | null;
  /** it was confirmed elsewhere */
  confirmed?: boolean | null;
  /** the way by which it came */
  via?: 'host' | 'form' | 'import' | 'automation' | null;
  /** whether the list's welcome is asked for */
  welcome?: boolean | null;
  /** write only fields that are empty */
  fillGaps?: boolean | null;
  /** a NULL leaves its field as it is */
  skipNull?: boolean | null;
  /** leave leads alone that are there */
  createOnly?: boolean | null;
  /** make no new leads */
  updateOnly?: boolean | null;
  /** the source of new leads whose row names none */
  source?: string | null;
}

/** Extras of putBatch. */
export interface PutBatchExtras extends Extras {
  /** a tag to assign in the same act; repeatable */
  tag?: string | readonly string[] | null;
  /** a list to subscribe to in the same act; repeatable */
  list?: string | readonly string[] | null;
  /** the wording that was agreed to */
  consent?: string | null;
  /** it was confirmed elsewhere */
  confirmed?: boolean | null;
  /** the way by which it came */
  via?: 'host' | 'form' | 'import' | 'automation' | null;
  /** whether the list's welcome is asked for */
  welcome?: boolean | null;
  /** write only fields that are empty */
  fillGaps?: boolean | null;
  /** a NULL leaves its field as it is */
  skipNull?: boolean | null;
  /** leave leads alone that are there */
  createOnly?: boolean | null;
  /** make no new leads */
  updateOnly?: boolean | null;
  /** the source of new leads whose row names none */
  source?: string | null;
}

/** Extras of putStream. */
export interface PutStreamExtras extends Extras {
  /** a tag to assign in the same act; repeatable */
  tag?: string | readonly string[] | null;
  /** a list to subscribe to in the same act; repeatable */
  list?: string | readonly string[] | null;
  /** the wording that was agreed to */
  consent?: string | null;
  /** it was confirmed elsewhere */
  confirmed?: boolean | null;
  /** the way by which it came */
  via?: 'host' | 'form' | 'import' | 'automation' | null;
  /** whether the list's welcome is asked for */
  welcome?: boolean | null;
  /** write only fields that are empty */
  fillGaps?: boolean | null;
  /** a NULL leaves its field as it is */
  skipNull?: boolean | null;
  /** leave leads alone that are there */
  createOnly?: boolean | null;
  /** make no new leads */
  updateOnly?: boolean | null;
  /** the source of new leads whose row names none */
  source?: string | null;
}

export type RenameExtras = Extras;

export type RemoveExtras = Extras;

/** Extras of merge. */
export interface MergeExtras extends Extras {
  /** who stays */
  survivor?: 'older' | 'lead' | 'other' | null;
  /** whose values stand */
  fields?: 'fill' | 'newer' | 'other' | null;
}

export type UnmergeExtras = Extras;

/** Extras of erase. */
export interface EraseExtras extends Extras {
  /** keep a hash of the addresses suppressed */
  suppress?: boolean | null;
}

/** Extras of suppress. */
export interface SuppressExtras extends Extras {
  /** why */
  reason?: 'manual' | 'hard_bounce' | 'soft_bounce' | 'complaint' | 'erased' | 'stop' | null;
  /** what it forbids */
  channel?: 'all' | 'email' | 'sms' | null;
  /** a remark */
  note?: string | null;
}

/** Extras of unsuppress. */
export interface UnsuppressExtras extends Extras {
  /** which reason is lifted */
  reason?: 'manual' | 'hard_bounce' | 'soft_bounce' | 'complaint' | 'erased' | 'stop' | null;
  /** of which channel */
  channel?: 'all' | 'email' | 'sms' | null;
}

/** Extras of assign. */
export interface AssignExtras extends Extras {
  /** when it ends; empty: never */
  expires?: Moment | null;
}

export type UnassignExtras = Extras;

/** Extras of assignWhere. */
export interface AssignWhereExtras extends Extras {
  /** when it ends; empty: never */
  expires?: Moment | null;
}

export type UnassignWhereExtras = Extras;

export type MergeTagsExtras = Extras;

/** Extras of subscribe. */
export interface SubscribeExtras extends Extras {
  /** the wording that was agreed to */
  consent?: string | null;
  /** it was confirmed elsewhere */
  confirmed?: boolean | null;
  /** the way by which it came */
  via?: 'host' | 'form' | 'import' | 'automation' | null;
  /** whether the list's welcome is asked for */
  welcome?: boolean | null;
}

/** Extras of unsubscribe. */
export interface UnsubscribeExtras extends Extras {
  /** why */
  reason?: string | null;
  /** the way by which it came */
  via?: 'host' | 'lead' | 'form' | 'import' | 'automation' | null;
}

/** Extras of subscribeWhere. */
export interface SubscribeWhereExtras extends Extras {
  /** the wording that was agreed to */
  consent?: string | null;
  /** it was confirmed elsewhere */
  confirmed?: boolean | null;
  /** the way by which it came */
  via?: 'host' | 'form' | 'import' | 'automation' | null;
  /** whether the list's welcome is asked for */
  welcome?: boolean | null;
}

/** Extras of unsubscribeWhere. */
export interface UnsubscribeWhereExtras extends Extras {
  /** why */
  reason?: string | null;
  /** the way by which it came */
  via?: 'host' | 'lead' | 'form' | 'import' | 'automation' | null;
}

/** Extras of report. */
export interface ReportExtras extends Extras {
  /** what kind of bounce */
  bounce?: 'hard' | 'soft' | null;
  /** the gateway's status, such as 5.1.1 */
  code?: string | null;
  /** what it was sent by */
  channel?: 'email' | 'sms' | null;
}

/** Extras of pause. */
export interface PauseExtras extends Extras {
  /** when messages may go out again */
  until?: Moment | null;
  /** why */
  reason?: string | null;
}

export type ResumeExtras = Extras;

export type SmsReceivedExtras = Extras;

/** Extras of maySend. */
export interface MaySendExtras {
  /** by which way */
  channel?: 'email' | 'sms' | null;
}

/** Extras of token. */
export interface TokenExtras extends Extras {
  /** the list that it is for */
  list?: string | null;
  /** when it ends; empty: never */
  expires?: Moment | null;
}

export type TokenRevokeExtras = Extras;

export type ConfirmExtras = Extras;

/** Extras of unsubscribeByToken. */
export interface UnsubscribeByTokenExtras extends Extras {
  /** leave every list */
  all?: boolean | null;
  /** why */
  reason?: string | null;
}

/** Extras of setPreferences. */
export interface SetPreferencesExtras extends Extras {
  /** the wording that was agreed to */
  consent?: string | null;
  /** why */
  reason?: string | null;
}

/** Extras of record. */
export interface RecordExtras extends Extras {
  /** what it was about */
  subject?: string | null;
}

export type RecordManyExtras = Extras;

/** The kinds as properties. */
export interface Kinds {
  /** somebody interested: an address and what is known beside it */
  readonly leads: Kind<Lead, LeadFields>;
  /** what somebody wrote about a lead */
  readonly notes: Kind<Note, NoteFields>;
  /** another e-mail address of a lead */
  readonly addresses: Kind<Address, AddressFields>;
  /** a mark on leads that they never see */
  readonly tags: Kind<Tag, TagFields>;
  /** a group of tags */
  readonly categories: Kind<Category, CategoryFields>;
  /** a tag on a lead */
  readonly assignments: Kind<Assignment, never>;
  /** a field of leads that the host defines */
  readonly fields: Kind<Field, FieldFields>;
  /** leads who get the same communications; they see it and manage it */
  readonly lists: Kind<List, ListFields>;
  /** a lead on a list, in a state */
  readonly subscriptions: Kind<Subscription, never>;
  /** a time in which a lead wants no messages */
  readonly pauses: Kind<Pause, never>;
  /** what must not be contacted, and why; removing one lifts it */
  readonly suppressions: Kind<Suppression, never>;
  /** what a link in a message proves its reader by; the secret itself is not kept */
  readonly tokens: Kind<Token, never>;
  /** something that happened: the log */
  readonly events: Kind<Event, never>;
  /** a kind of event: Kith's own, and those the host has recorded */
  readonly eventKinds: Kind<EventKind, never>;
}

/** The kinds as properties, asynchronously. */
export interface AsyncKinds {
  /** somebody interested: an address and what is known beside it */
  readonly leads: AsyncKind<Lead, LeadFields>;
  /** what somebody wrote about a lead */
  readonly notes: AsyncKind<Note, NoteFields>;
  /** another e-mail address of a lead */
  readonly addresses: AsyncKind<Address, AddressFields>;
  /** a mark on leads that they never see */
  readonly tags: AsyncKind<Tag, TagFields>;
  /** a group of tags */
  readonly categories: AsyncKind<Category, CategoryFields>;
  /** a tag on a lead */
  readonly assignments: AsyncKind<Assignment, never>;
  /** a field of leads that the host defines */
  readonly fields: AsyncKind<Field, FieldFields>;
  /** leads who get the same communications; they see it and manage it */
  readonly lists: AsyncKind<List, ListFields>;
  /** a lead on a list, in a state */
  readonly subscriptions: AsyncKind<Subscription, never>;
  /** a time in which a lead wants no messages */
  readonly pauses: AsyncKind<Pause, never>;
  /** what must not be contacted, and why; removing one lifts it */
  readonly suppressions: AsyncKind<Suppression, never>;
  /** what a link in a message proves its reader by; the secret itself is not kept */
  readonly tokens: AsyncKind<Token, never>;
  /** something that happened: the log */
  readonly events: AsyncKind<Event, never>;
  /** a kind of event: Kith's own, and those the host has recorded */
  readonly eventKinds: AsyncKind<EventKind, never>;
}

/** The name of a kind. */
export type KindName = 'lead' | 'note' | 'address' | 'tag' | 'category' | 'assignment' | 'field' | 'list' | 'subscription' | 'pause' | 'suppression' | 'token' | 'event' | 'event_kind';
