-- The first schema. Never edited once released: what changes later is a file with the next number.
-- Times are ms since 1970 UTC; *_key columns hold the folded text that names compare by.

CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE lead (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL,
  external_id TEXT,
  first_name TEXT, middle_name TEXT, last_name TEXT,
  phone TEXT, phone2 TEXT,
  company TEXT, job_title TEXT, website TEXT,
  address1 TEXT, address2 TEXT, city TEXT, region TEXT, postcode TEXT, country TEXT,
  time_zone TEXT, language TEXT, birth_date TEXT,
  facebook TEXT, x TEXT, linkedin TEXT, instagram TEXT, picture TEXT,
  ip TEXT, source TEXT, referrer TEXT, owner TEXT,
  score INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  phone_key TEXT,
  latest_source TEXT
) STRICT;
CREATE INDEX lead_created ON lead (created, id);
CREATE INDEX lead_updated ON lead (updated, id);
CREATE INDEX lead_score ON lead (score, id);
CREATE INDEX lead_phone ON lead (phone_key, id) WHERE phone_key IS NOT NULL;

-- What is unique over all leads. kind 1: e-mail addresses, 2: external ids. role 1: the lead's own in its
-- row, 0: another address, or what an absorbed lead had.
CREATE TABLE lead_key (
  kind INTEGER NOT NULL,
  key TEXT NOT NULL,
  lead_id INTEGER NOT NULL,
  role INTEGER NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX lead_key_other ON lead_key (lead_id) WHERE role = 0;

-- Custom fields: a column a field, c<field id>, added when the field is defined.
CREATE TABLE lead_custom (lead_id INTEGER NOT NULL PRIMARY KEY) STRICT;

-- Ids that are no lead any more. state: merged (into survivor_id), erased, removed.
CREATE TABLE lead_gone (
  id INTEGER PRIMARY KEY,
  state TEXT NOT NULL,
  survivor_id INTEGER,
  at INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  counts TEXT
) STRICT;
CREATE INDEX lead_gone_survivor ON lead_gone (survivor_id) WHERE survivor_id IS NOT NULL;

CREATE TABLE lead_email (
  lead_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  created INTEGER NOT NULL,
  PRIMARY KEY (lead_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX lead_email_id ON lead_email (id);

CREATE TABLE note (
  lead_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  text TEXT NOT NULL,
  author TEXT,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  PRIMARY KEY (lead_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX note_id ON note (id);

CREATE TABLE lead_merge (
  event_id INTEGER PRIMARY KEY,
  survivor_id INTEGER NOT NULL,
  absorbed_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  document TEXT NOT NULL
) STRICT;
CREATE INDEX lead_merge_survivor ON lead_merge (survivor_id);
CREATE INDEX lead_merge_absorbed ON lead_merge (absorbed_id);

CREATE TABLE category (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  description TEXT,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
) STRICT;

CREATE TABLE tag (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  description TEXT,
  category_id INTEGER REFERENCES category (id),
  expires INTEGER,
  expires_after INTEGER,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
) STRICT;
CREATE INDEX tag_category ON tag (category_id);

CREATE TABLE lead_tag (
  lead_id INTEGER NOT NULL,
  tag_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  expires INTEGER,
  event_id INTEGER NOT NULL,
  PRIMARY KEY (lead_id, tag_id)
) STRICT, WITHOUT ROWID;
-- What is due next over all tags, and what of one tag is over already: its count leaves those out until they are ended.
CREATE INDEX lead_tag_expires ON lead_tag (expires, lead_id, tag_id) WHERE expires IS NOT NULL;
CREATE INDEX lead_tag_over ON lead_tag (tag_id, expires, lead_id) WHERE expires IS NOT NULL;

CREATE TABLE list (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  public_name TEXT,
  description TEXT,
  visible INTEGER NOT NULL DEFAULT 1,
  opt_in TEXT NOT NULL DEFAULT 'single',
  channels TEXT NOT NULL DEFAULT '["email"]',
  lapse_after INTEGER NOT NULL DEFAULT 1209600000,
  confirm_limit INTEGER NOT NULL DEFAULT 3,
  confirm_period INTEGER NOT NULL DEFAULT 86400000,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
) STRICT;

-- The state in which a lead is on a list. How it came to be is in the log: events subscription.*. own 1: by an
-- act of the lead's own. What is pending lapses at a time, to the state lapses_to; NULL: the row goes.
CREATE TABLE subscription (
  lead_id INTEGER NOT NULL,
  list_id INTEGER NOT NULL,
  state TEXT NOT NULL,
  since INTEGER NOT NULL,
  via TEXT NOT NULL,
  own INTEGER NOT NULL DEFAULT 0,
  lapses INTEGER,
  lapses_to TEXT,
  event_id INTEGER NOT NULL,
  PRIMARY KEY (lead_id, list_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX subscription_lapses ON subscription (lapses, lead_id, list_id) WHERE lapses IS NOT NULL;
CREATE INDEX subscription_over ON subscription (list_id, lapses, lead_id) WHERE lapses IS NOT NULL;

-- No messages until a time; list_id 0: on every list.
CREATE TABLE pause (
  lead_id INTEGER NOT NULL,
  list_id INTEGER NOT NULL,
  until INTEGER NOT NULL,
  reason TEXT,
  event_id INTEGER NOT NULL,
  PRIMARY KEY (lead_id, list_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX pause_until ON pause (until, lead_id, list_id);

-- Confirmation messages asked for: what the limit an address and a period counts.
CREATE TABLE confirm_wanted (
  lead_id INTEGER NOT NULL,
  list_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  PRIMARY KEY (lead_id, list_id, event_id)
) STRICT, WITHOUT ROWID;

-- Refusals for the present that gateways reported, by the hash of the address: enough of them suppress it.
CREATE TABLE soft_bounce (
  lead_id INTEGER NOT NULL,
  target_hash TEXT NOT NULL,
  at INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  PRIMARY KEY (lead_id, event_id)
) STRICT, WITHOUT ROWID;

-- By the hash of what must not be contacted, so that it can outlive an erased address. No foreign key.
CREATE TABLE suppression (
  id INTEGER PRIMARY KEY,
  target_hash TEXT NOT NULL,
  channel TEXT NOT NULL,
  reason TEXT NOT NULL,
  target TEXT,
  note TEXT,
  created INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  UNIQUE (target_hash, channel, reason)
) STRICT;

-- Links that prove who follows them: only the hash of what a link carries. issued_to is the lead as it was then,
-- lead_id the one that it was merged into since.
CREATE TABLE token (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL,
  purpose TEXT NOT NULL,
  lead_id INTEGER NOT NULL,
  issued_to INTEGER NOT NULL,
  list_id INTEGER,
  created INTEGER NOT NULL,
  expires INTEGER,
  used INTEGER,
  revoked INTEGER,
  event_id INTEGER NOT NULL
) STRICT;
CREATE INDEX token_lead ON token (lead_id);

CREATE TABLE field (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  label TEXT,
  type TEXT NOT NULL,
  options TEXT,
  required INTEGER NOT NULL DEFAULT 0,
  indexed INTEGER NOT NULL DEFAULT 0,
  description TEXT,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
) STRICT;

-- What tags, categories, lists and fields that are no more were called last: the log goes on naming them.
CREATE TABLE definition_gone (
  kind TEXT NOT NULL,
  id INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE event_kind (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  created INTEGER NOT NULL
) STRICT;

-- The log. Lead 0 is what happened to no lead. Ids grow as things are recorded; of events recorded in one call
-- those of one lead stand together. SQLite's index on lead_id ends with the id, so it has each lead's events in order.
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  lead_id INTEGER NOT NULL,
  kind_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  subject_id INTEGER,
  subject TEXT,
  actor TEXT,
  ip TEXT,
  cause_id INTEGER,
  data TEXT
) STRICT;
CREATE INDEX event_lead ON event (lead_id);

-- The host's own keys: the same key for the same verb is one write. object: a hash of what the verb was called with;
-- thing_id: what a put made, unless that is the lead; of a verb for many, how many leads it changed.
CREATE TABLE write_key (
  verb TEXT NOT NULL,
  key TEXT NOT NULL,
  object TEXT NOT NULL,
  lead_id INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  thing_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (verb, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX write_key_lead ON write_key (lead_id);

-- Stored sets of lead ids, in chunks of 65,536. form 0: sorted 16-bit numbers, 1: 8,192 bytes of bits, both
-- little-endian as in Roaring's format. family 1: ids that are no lead (owner 0), 2: has tag, 3 to 7: on
-- list as subscribed, pending, unsubscribed, bounced, complained.
CREATE TABLE lead_set (
  family INTEGER NOT NULL,
  owner INTEGER NOT NULL,
  chunk INTEGER NOT NULL,
  size INTEGER NOT NULL,
  form INTEGER NOT NULL,
  bits BLOB NOT NULL,
  PRIMARY KEY (family, owner, chunk)
) STRICT, WITHOUT ROWID;
