-- Times are microseconds since 1970 in UTC. The numbers of rows follow the order of arrival, which a rebuild does not
-- repeat: nothing derived depends on them, and rows are the same by their ids.

CREATE TABLE captures (
    number    INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,     -- WARC-Record-ID, urn:uuid:…
    urlkey    TEXT NOT NULL,            -- SURT, as in the index
    host      TEXT AS (substr(urlkey, 1, instr(urlkey || ')', ')'))),  -- what it begins with
    url       TEXT NOT NULL,
    key       TEXT NOT NULL,            -- canonical key of its URL
    redirect  TEXT,                     -- canonical key of the URL that a redirect leads to
    date      INTEGER NOT NULL,
    status    INTEGER,
    mime      TEXT NOT NULL,
    digest    TEXT,
    truncated TEXT,
    file      TEXT NOT NULL,
    offset    INTEGER NOT NULL,
    length    INTEGER NOT NULL,
    asks      TEXT,                     -- of a revisit, what its own records say of the page's use: lines (archive.asks)
    unread    INTEGER NOT NULL          -- 1: a page that has no reading yet, or one without all its parts; 2: nor can have, as its file is away
);
CREATE INDEX captures_key ON captures (key, date, status, truncated, redirect);   -- whether a page is known
CREATE INDEX captures_unread ON captures (number) WHERE unread = 1;
CREATE INDEX captures_unread_hosts ON captures (host, number) WHERE unread = 1;
CREATE INDEX captures_set_aside ON captures (number) WHERE unread = 2;

CREATE TABLE readings (
    number     INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,    -- of the metadata record in text/
    capture_id TEXT NOT NULL,
    date       INTEGER NOT NULL,        -- when it was read
    extractor  TEXT NOT NULL,
    version    TEXT NOT NULL,
    options    TEXT NOT NULL,           -- JSON
    kind       TEXT NOT NULL,
    labels     TEXT NOT NULL,           -- JSON
    asks       TEXT,                    -- what page, response and host said of its use: lines; NULL: not noted
    error      TEXT,
    place      TEXT NOT NULL,           -- canonical key of the URL that was captured
    key        TEXT NOT NULL,           -- canonical key of what the page claims to be, else of its URL
    shows      INTEGER NOT NULL,        -- 1: an article
    sketch     TEXT,                    -- of an article: what versions are told apart by (archive.compare.sketch)
    document   TEXT NOT NULL,           -- all the extractor said, text included, as in the record
    file       TEXT NOT NULL,
    offset     INTEGER NOT NULL
);
CREATE INDEX readings_capture ON readings (capture_id);
CREATE INDEX readings_key ON readings (key, place) WHERE shows = 1;
CREATE INDEX readings_place ON readings (place, key) WHERE shows = 1;
CREATE INDEX readings_file ON readings (file, offset);

CREATE TABLE article_states (
    number     INTEGER PRIMARY KEY,     -- also that of its full text
    article_id TEXT NOT NULL UNIQUE,
    key        TEXT NOT NULL,
    reading_id TEXT NOT NULL,           -- the newest
    capture_id TEXT NOT NULL,
    first_seen INTEGER NOT NULL,        -- date of its first capture
    changed    INTEGER NOT NULL,        -- date of the capture that first showed its newest version, or what is asked now
    dated      INTEGER NOT NULL,        -- when it was published, else first seen: what search sorts by
    wishes     TEXT NOT NULL,           -- JSON: what the publisher asked, from when to when
    labels     TEXT,                    -- JSON: as of its newest capture, where that asks other than the one that was read
    origins    TEXT,                    -- likewise
    looked     INTEGER NOT NULL DEFAULT 0  -- date of the newest capture that says something of it, whatever its status
);
CREATE INDEX article_states_changed ON article_states (changed, article_id);
CREATE INDEX article_states_looked ON article_states (substr(key, 3, instr(substr(key, 3), '/') - 1), dated, looked);

CREATE TABLE versions (
    article_id TEXT NOT NULL,
    number     INTEGER NOT NULL,        -- from 1
    date       INTEGER NOT NULL,
    reading_id TEXT NOT NULL,
    capture_id TEXT NOT NULL,
    PRIMARY KEY (article_id, number)
) WITHOUT ROWID;

CREATE TABLE events (
    article_id TEXT NOT NULL,
    number     INTEGER NOT NULL,        -- from 1, in order of time
    date       INTEGER NOT NULL,        -- of the capture that shows it
    kind       TEXT NOT NULL,           -- first, edited, deleted, moved, restored
    capture_id TEXT NOT NULL,
    version    INTEGER,                 -- that begins here
    as_version INTEGER,                 -- the earlier one that was the same
    target     TEXT,                    -- canonical key of the URL where it moved, or where a deleted one leads
    PRIMARY KEY (article_id, number)
) WITHOUT ROWID;
CREATE INDEX events_date ON events (date);

CREATE TABLE aliases (
    key        TEXT NOT NULL,           -- canonical key of a URL at which the article was captured, or that it claims
    article_id TEXT NOT NULL,
    date       INTEGER NOT NULL,        -- newest capture that says so: where a URL leads to several, the newest counts
    PRIMARY KEY (key, article_id)
) WITHOUT ROWID;
CREATE INDEX aliases_article ON aliases (article_id);

-- How far each growing file has been taken in.
CREATE TABLE followed (
    name   TEXT PRIMARY KEY,            -- path below the collection, without .open
    offset INTEGER NOT NULL,            -- bytes
    lines  INTEGER NOT NULL,
    stamp  TEXT NOT NULL                -- size and time of change of a file that is closed; empty while it grows
) WITHOUT ROWID;

-- Words of the newest version, folded beforehand (archive.catalogue.words); the text itself is in readings.
CREATE VIRTUAL TABLE words USING fts5 (
    title, text, content = '', tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);

CREATE VIEW articles AS
SELECT
    r.document ->> 'schema' AS schema,
    s.article_id,
    r.document ->> 'url' AS url,
    r.document ->> 'canonical_url' AS canonical_url,
    r.document ->> 'title' AS title,
    r.document -> 'authors' AS authors,
    r.document ->> 'published' AS published,
    r.document ->> 'published_precision' AS published_precision,
    r.document ->> 'modified' AS modified,
    r.document ->> 'language' AS language,
    r.document ->> 'language_declared' AS language_declared,
    coalesce(r.document -> 'translations', '{}') AS translations,
    r.document ->> 'site' AS site,
    r.document ->> 'section' AS section,
    r.document -> 'tags' AS tags,
    r.document ->> 'description' AS description,
    r.document ->> 'image' AS image,
    r.document ->> 'text' AS text,
    r.document ->> 'text_format' AS text_format,
    coalesce(r.document -> 'blocks', '[]') AS blocks,
    coalesce(r.document -> 'figures', '[]') AS figures,
    r.kind,
    coalesce(s.labels, r.document -> 'labels') AS labels,
    s.wishes,
    r.document ->> 'word_count' AS word_count,
    coalesce(s.origins, r.document -> 'origins') AS origins,
    json_object('id', r.id, 'extractor', r.extractor, 'version', r.version, 'options', json(r.options)) AS reading,
    json_object(
        'id', c.id, 'file', c.file, 'offset', c.offset, 'digest', c.digest,
        'date', strftime('%Y-%m-%dT%H:%M:%S', c.date / 1000000, 'unixepoch') || printf('.%06dZ', c.date % 1000000)
    ) AS capture
FROM article_states AS s
JOIN readings AS r ON r.id = s.reading_id
JOIN captures AS c ON c.id = s.capture_id;
