// The types of the package, by hand; those of kinds, fields and extras are generated into kinds.d.ts.
import type * as k from './kinds';

export * from './kinds';

/** What went wrong: one sentence in `message`, and what a program can act on. */
export declare class KithError extends Error {
  constructor(status: Status, message: string, field?: string, nearest?: string);
  /** What to do about it: correct a value, ask again, repeat the transaction ... */
  readonly status: Status;
  /** `KITH_` and the status, as Node's own errors have a code. */
  readonly code: string;
  /** The field or path at fault, such as `firstName`, `[3].email`, or ''. */
  readonly field: string;
  /** The nearest known name to one that is unknown, or ''. */
  readonly nearest: string;
}

export type Status =
  | 'MISUSE' | 'INVALID' | 'NOT_FOUND' | 'CONFLICT' | 'REFUSED' | 'BUSY' | 'RETRY' | 'CANCELLED' | 'READ_ONLY' | 'FULL' | 'IO'
  | 'CORRUPT' | 'TOO_NEW' | 'NOT_KITH' | 'FOREIGN_SQLITE' | 'UNSUPPORTED' | 'LIMIT' | 'NO_MEMORY' | 'INTERNAL' | 'UNKNOWN';

export interface Options {
  /** Write nothing, make nothing. */
  readOnly?: boolean;
  /** No file: the path is only a label. Both faces then share one handle and take turns. */
  memory?: boolean;
  /** A missing file is NOT_FOUND instead of being made. */
  existing?: boolean;
  /** 'normal' is faster: a power cut may take the last commits, never the file. Default: 'full'. */
  sync?: 'full' | 'normal';
  /** How long a writer waits for another, in ms; 0: not at all. Default: 5000. */
  busyMs?: number;
  /** The clock. It is asked once a call, on the thread that makes the call, also for calls of `crm.async`. */
  now?: () => Date | number;
}

/** Opens a file, and makes it if need be. */
export declare function open(path: string, options?: Options): Crm;
/** The same off the thread of JavaScript. */
export declare function openAsync(path: string, options?: Options): Promise<Crm>;
/** The version of the package and of the library in it. */
export declare const version: string;

/** A value of a condition or a statement. */
export type Value = string | number | bigint | boolean | Date | null;

/** Which things, in the language of docs/where.md, where fields are written first_name. */
export interface Where {
  /** `country = ? and tag 'VIP'`; none: all */
  where?: string;
  /** For its ?s, in order. */
  args?: Value | readonly Value[];
}
export interface Query extends Where {
  /** `['email', 'firstName']` or `'email, firstName'`; none: all that are usual. */
  columns?: string | readonly string[];
  /** `'-created'` or `['-created', 'email']`: any sortable field, - for descending; none: by id, and assignments, subscriptions and pauses by lead. */
  sort?: string | readonly string[];
  /** At most so many rows; none: all. */
  limit?: number;
  /** Rows that are read at once. Default: 1000. */
  pageSize?: number;
  /** Where to go on: the `next` of a Batch, with the same sort. */
  after?: string | null;
}
export interface AsyncQuery extends Query {
  /** Cancels the reading. */
  signal?: AbortSignal;
}

/** Rows that are read in pages, as they are asked for; asked anew each time. `for await` reads them off the thread of JavaScript. */
export interface Found<Row> extends Iterable<Row>, AsyncIterable<Row> {
  /** All of the rows. */
  toArray(): Row[];
  /** The first row, and no other is read; null: there is none. */
  first(): Row | null;
  /** Page by page, each an array. */
  pages(): Iterable<Row[]>;
}
/** The same asynchronously: `for await` reads in pages, `await` reads all. */
export interface AsyncFound<Row> extends AsyncIterable<Row>, PromiseLike<Row[]> {
  /** All of the rows, as `await` answers them. */
  toArray(): Promise<Row[]>;
  /** The first row, and no other is read; null: there is none. */
  first(): Promise<Row | null>;
  /** Page by page, each an array. */
  pages(): AsyncIterable<Row[]>;
  catch<T>(reject: (reason: unknown) => T): Promise<Row[] | T>;
  finally(last: () => void): Promise<Row[]>;
}

/** What became of one row. */
export interface PutResult {
  id: number;
  outcome: 'unchanged' | 'created' | 'updated';
}
/** What became of many rows: how many of each, which failed and why, and their ids. */
export interface ManyResult {
  unchanged: number;
  created: number;
  updated: number;
  failed: number;
  /** With skipBad: which rows were refused, and why. */
  failures: Array<{ index: number; status: Status; field: string; message: string }>;
  /** Which leads were put but not taken by lists that the call named, and why, by the lists' names. */
  notTaken: Array<{ index: number; lists: Record<string, 'suppressed' | 'unsubscribed' | 'bounced' | 'complained'> }>;
  /** The id of each row (of recordMany: of each event); 0 for one that failed. */
  ids: number[];
}
export interface Many {
  /** A row that fails is reported, and its neighbours go on. */
  skipBad?: boolean;
}
/** Every call of `crm.async` takes a signal: among its extras or options, or behind its arguments if it has none. */
export interface Cancellable {
  /** Ends the call, and no other: it rejects with the signal's reason, and has changed nothing. */
  signal?: AbortSignal;
}

/** A thing by its name (a lead by one of its addresses, 'id:42' or 'external:KEY'), its id, or a row that has one. */
export type Name = string | number | bigint | { readonly id: number };

/** Whom an act for many is about: a condition must be there, and `where: ''` is everybody. */
export interface Whom {
  where: string;
  /** For its ?s, in order. */
  args?: Value | readonly Value[];
}

/** Columns as the Arrow C data interface has them: validity bitmap, offsets, values. docs/node.md makes tables of them. */
export interface Batch {
  length: number;
  columns: Array<{ name: string; format: string; nullCount?: number; buffers: Array<Uint8Array | null> }>;
  /** Where the next page begins: give it as `after`. */
  next?: string | null;
}
/** A table or record batch of the package apache-arrow. */
export interface ArrowTable {
  readonly schema: { readonly fields: unknown };
}

/** Things of one kind. */
export interface Kind<Row, Fields> {
  readonly name: string;
  /** Makes or changes one thing. Fields that are not named are not touched, and null clears one. */
  put(fields: Fields, extras?: k.PutExtras): PutResult;
  /** Many in one transaction, and much faster. Rows may name different fields. */
  putMany(rows: Iterable<Fields>, extras?: k.PutManyExtras & Many): ManyResult;
  /** One thing with every usual field, or null. */
  get(name: Name): Row | null;
  /** What a condition finds; behind it the values of its ?s, or whatever else a query says. */
  find(where: string, more?: Query | readonly Value[]): Found<Row>;
  find(query?: Query): Found<Row>;
  count(where?: string | Where, more?: Where | readonly Value[]): number;
  /** Gives a definition another name; the event's id. */
  rename(name: Name, to: string, extras?: k.RenameExtras): number;
  /** Takes one thing away, with what hangs on it; the event's id. */
  remove(name: Name, extras?: k.RemoveExtras): number;
  /** What find finds as columns: of all rows, or of `limit`. */
  arrow(where?: string | Query, more?: Query | readonly Value[]): Batch;
  putBatch(batch: Batch | ArrowTable, extras?: k.PutBatchExtras & Many): ManyResult;
  /** Batches, in one transaction. */
  putStream(batches: Iterable<Batch | ArrowTable>, extras?: k.PutStreamExtras & Many): ManyResult;
}

type Later<T> = T extends (...args: infer A) => infer R ? (...args: A) => Promise<R> : never;

/** Things of one kind, each call off the thread of JavaScript. */
export interface AsyncKind<Row, Fields> {
  readonly name: string;
  put(fields: Fields, extras?: k.PutExtras & Cancellable): Promise<PutResult>;
  putMany(rows: Iterable<Fields> | AsyncIterable<Fields>, extras?: k.PutManyExtras & Many & Cancellable): Promise<ManyResult>;
  get(name: Name, options?: Cancellable): Promise<Row | null>;
  find(where: string, more?: AsyncQuery | readonly Value[]): AsyncFound<Row>;
  find(query?: AsyncQuery): AsyncFound<Row>;
  count(where?: string | (Where & Cancellable), more?: (Where & Cancellable) | readonly Value[]): Promise<number>;
  rename(name: Name, to: string, extras?: k.RenameExtras & Cancellable): Promise<number>;
  remove(name: Name, extras?: k.RemoveExtras & Cancellable): Promise<number>;
  arrow(where?: string | AsyncQuery, more?: AsyncQuery | readonly Value[]): Promise<Batch>;
  putBatch(batch: Batch | ArrowTable, extras?: k.PutBatchExtras & Many & Cancellable): Promise<ManyResult>;
  putStream(batches: Iterable<Batch | ArrowTable> | AsyncIterable<Batch | ArrowTable>, extras?: k.PutStreamExtras & Many & Cancellable): Promise<ManyResult>;
}

/** An event as timeline, why and eventsAfter tell it. */
export interface LogRow extends k.Event {
  /** A sentence: "got the tag VIP". */
  what: string;
}

// What the asynchronous face takes behind the arguments of a verb that has no extras.
type Last<More> = unknown extends More ? [] : [options?: More];

/** What can be done beside putting and finding. Numbers answered are ids of events, 0: nothing changed. `More`: what else the
 * extras may say, on the asynchronous face a signal. */
export interface Verbs<More = unknown> {
  /** The file and the library: path, fileId, schema, kith, sqlite, pageSize, pages, freePages, walBytes, leads, lastEvent. */
  info(...last: Last<More>): {
    path: string; fileId: string; schema: number; kith: string; sqlite: string; pageSize: number; pages: number;
    freePages: number; walBytes: number; leads: number; lastEvent: number;
  };
  /** Copies the live file to `path`, which must not exist. */
  backup(path: string, ...last: Last<More>): void;
  /** Examines the file: a row a fault, none when all is well. */
  check(options?: { repair?: boolean } & More): Array<{ part: string; place: string | null; fault: string }>;
  /** Gives free pages back to the file system. */
  compact(...last: Last<More>): void;
  /** Describes what there is: 'kinds', 'fields', 'verbs', 'events' or 'predicates'. */
  schema(topic?: 'kinds' | 'fields' | 'verbs' | 'events' | 'predicates', ...last: Last<More>): Array<Record<string, unknown>>;

  /** Makes two leads one; the event, by which unmerge undoes it. */
  merge(lead: Name, other: Name, extras?: k.MergeExtras & More): number;
  unmerge(event: number, extras?: k.UnmergeExtras & More): number;
  /** Search as you type: every word must begin a word. */
  search(text: string, options?: { limit?: number } & More): Array<Pick<k.Lead, 'id' | 'email' | 'firstName' | 'lastName' | 'company' | 'phone'>>;
  /** GDPR Art. 17. `pending`: a reader holds old pages, and run() finishes it. */
  erase(lead: Name, extras?: k.EraseExtras & More): { event: number; pending: boolean };
  /** GDPR Art. 15 and 20: everything known about a lead. */
  exportLead(lead: Name, ...last: Last<More>): Record<string, unknown>;
  /** Every act of consent of a lead: time, address, wording, way. */
  consentProof(lead: Name, ...last: Last<More>): unknown;
  /** An address, '@domain' or 'tel:+46...' that must not be contacted. */
  suppress(target: string, extras?: k.SuppressExtras & More): number;
  unsuppress(target: string, extras?: k.UnsuppressExtras & More): number;

  assign(lead: Name, tag: Name, extras?: k.AssignExtras & More): number;
  unassign(lead: Name, tag: Name, extras?: k.UnassignExtras & More): number;
  /** For everybody the condition finds; how many changed. Everybody there is: '' or `{ where: '' }`, never nothing at all. */
  assignWhere(whom: string | Whom, tag: Name, extras?: k.AssignWhereExtras & More): number;
  unassignWhere(whom: string | Whom, tag: Name, extras?: k.UnassignWhereExtras & More): number;
  /** Moves every assignment of `other` to `tag` and removes `other`. */
  mergeTags(tag: Name, other: Name, extras?: k.MergeTagsExtras & More): number;

  /** Puts a lead on a list; docs/consent.md has what it does in each state. */
  subscribe(lead: Name, list: Name, extras?: k.SubscribeExtras & More): number;
  /** Takes a lead off a list; no list: off all. */
  unsubscribe(lead: Name, list?: Name | null, extras?: k.UnsubscribeExtras & More): number;
  subscribeWhere(whom: string | Whom, list: Name, extras?: k.SubscribeWhereExtras & More): number;
  unsubscribeWhere(whom: string | Whom, list: Name, extras?: k.UnsubscribeWhereExtras & More): number;
  /** What a gateway reported. */
  report(lead: Name, list: Name | null | undefined, what: 'bounced' | 'complained' | 'delivered', extras?: k.ReportExtras & More): number;
  /** No messages until a date (extra `until`); no list: none at all. */
  pause(lead: Name, list: Name | null | undefined, extras: k.PauseExtras & More): number;
  resume(lead: Name, list?: Name | null, extras?: k.ResumeExtras & More): number;
  /** An SMS that came in: STOP forbids SMS to that phone, START allows it again. */
  smsReceived(phone: string, text: string, extras?: k.SmsReceivedExtras & More): number;
  /** Whether a lead may be sent something, and why; no list: a transactional message. */
  maySend(lead: Name, list?: Name | null, extras?: k.MaySendExtras & More): { allowed: boolean; why: string; detail: string | null };

  /** Makes a token for a link. It is answered this once; the file keeps only its hash. */
  token(lead: Name, purpose: 'confirm' | 'unsubscribe' | 'preferences' | 'data', extras?: k.TokenExtras & More): { token: string; id: number; expires: Date | null };
  /** Looks at a token and changes nothing; null for what is no token. */
  tokenLook(token: string, ...last: Last<More>): { purpose: string; list: string | null; lead: string | null; state: 'live' | 'used' | 'expired' | 'revoked' } | null;
  tokenRevoke(token: Name, extras?: k.TokenRevokeExtras & More): number;
  /** The lead's own act, by a 'confirm' token. */
  confirm(token: string, extras?: k.ConfirmExtras & More): number;
  /** One-click unsubscribe (RFC 8058), by an 'unsubscribe' token. */
  unsubscribeByToken(token: string, extras?: k.UnsubscribeByTokenExtras & More): number;
  /** The preference centre, by a 'preferences' token: the public lists. */
  preferences(token: string, ...last: Last<More>): Array<{ list: string; name: string; description: string | null; state: string; pausedUntil: Date | null }>;
  /** Takes its changes: `{ News: true, Deals: false }`; how many changed. */
  setPreferences(token: string, lists: Readonly<Record<string, boolean>>, extras?: k.SetPreferencesExtras & More): number;
  /** exportLead for the lead who holds a 'data' token. */
  myData(token: string, ...last: Last<More>): Record<string, unknown>;

  /** Records what happened to a lead, with data that JSON can hold. */
  record(lead: Name, kind: string, data?: unknown, extras?: k.RecordExtras & More): number;
  /** What led to an event, the event itself first. */
  why(event: number, ...last: Last<More>): LogRow[];
  /** What happened after an event, oldest first: to follow the log. */
  eventsAfter(id?: number, options?: { limit?: number } & More): LogRow[];
  /** Does what is due, and says when to call again; null: nothing is waiting. */
  run(options?: { limit?: number } & More): { done: number; next: Date | null };
  /** One SELECT over the documented tables, columns named as it names them. */
  sql<Row = Record<string, unknown>>(text: string, args?: Value | readonly Value[]): Row[];
  sqlArrow(text: string, args?: Value | readonly Value[], ...last: Last<More>): Batch;
}

/** An event to record: its lead, its kind, and what else is known. */
export interface EventFields {
  lead: Name;
  kind: string;
  data?: unknown;
  subject?: string | null;
  at?: k.Moment | null;
  by?: string | null;
  ip?: string | null;
  key?: string | null;
  cause?: number | null;
}

/** An open database. */
export interface Crm extends Verbs, k.Kinds {
  readonly path: string;
  readonly isOpen: boolean;
  /** The same off the thread of JavaScript; see docs/node.md for how transactions of the two keep apart. */
  readonly async: AsyncCrm;
  kind(name: k.KindName | (string & {})): Kind<Record<string, unknown>, Record<string, unknown>>;
  /** Many events in one transaction. */
  recordMany(rows: Iterable<EventFields>, extras?: k.RecordManyExtras & Many): ManyResult;
  /** What happened to one lead, newest first. */
  timeline(lead: Name, where?: string | Query, more?: Query | readonly Value[]): Found<LogRow>;
  /** Pairs that are likely the same person. */
  duplicates(where?: string | Query, more?: Query | readonly Value[]): Found<{ lead: number; other: number; reason: string; value: string }>;
  /** Everything in `work` happens when it returns, or nothing when it throws; it is run again on RETRY. Calls nest. */
  transaction<T>(work: (crm: Crm) => T extends PromiseLike<unknown> ? never : T, options?: { retries?: number }): T;
  /** Ends the calls of crm.async that run now: they reject with CANCELLED. */
  cancel(): void;
  close(): void;
  [Symbol.dispose](): void;
}

/** The same, each call answering a promise. */
export interface AsyncCrm extends AsyncVerbs, k.AsyncKinds {
  kind(name: k.KindName | (string & {})): AsyncKind<Record<string, unknown>, Record<string, unknown>>;
  recordMany(rows: Iterable<EventFields> | AsyncIterable<EventFields>, extras?: k.RecordManyExtras & Many & Cancellable): Promise<ManyResult>;
  timeline(lead: Name, where?: string | AsyncQuery, more?: AsyncQuery | readonly Value[]): AsyncFound<LogRow>;
  duplicates(where?: string | AsyncQuery, more?: AsyncQuery | readonly Value[]): AsyncFound<{ lead: number; other: number; reason: string; value: string }>;
  sql<Row = Record<string, unknown>>(text: string, args?: Value | readonly Value[], options?: Cancellable): Promise<Row[]>;
  /** Everything done with `tx` happens when `work` is fulfilled, or nothing; it is run again on RETRY. */
  transaction<T>(work: (tx: AsyncCrm) => T | PromiseLike<T>, options?: { retries?: number }): Promise<T>;
  /** Closes both faces, when what runs has ended. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
type AsyncVerbs = { [V in Exclude<keyof Verbs, 'sql'>]: Later<Verbs<Cancellable>[V]> };

/** Opens a CSV file: delimiter and encoding are found, unless they are given. */
export declare function openCsv(path: string, options?: { delimiter?: string; encoding?: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'; header?: boolean }): CsvReader;

/** A row of a CSV file: texts by the names of the header, and the line where it begins. */
export type CsvRow = Record<string, string | number | null> & { line: number };

/** Rows of a CSV file, read in pages as they are asked for; closed at the end of the iteration. */
export declare class CsvReader implements Iterable<CsvRow>, AsyncIterable<CsvRow> {
  private constructor();
  /** The next rows, at most `limit`; none at the end. */
  read(limit?: number): CsvRow[];
  readAsync(limit?: number): Promise<CsvRow[]>;
  /** How much of the file has been read, 0 to 1. */
  readonly progress: number;
  [Symbol.iterator](): Iterator<CsvRow>;
  [Symbol.asyncIterator](): AsyncIterator<CsvRow>;
  close(): void;
  [Symbol.dispose](): void;
}
