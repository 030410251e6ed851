-- name: state
SELECT number, reading_id FROM article_states WHERE article_id = ?;

-- name: put
INSERT INTO article_states
    (article_id, key, reading_id, capture_id, first_seen, changed, dated, wishes, labels, origins)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (article_id) DO UPDATE SET
    reading_id = excluded.reading_id, capture_id = excluded.capture_id,
    first_seen = excluded.first_seen, changed = excluded.changed, dated = excluded.dated,
    wishes = excluded.wishes, labels = excluded.labels, origins = excluded.origins
RETURNING number;

-- name: drop
DELETE FROM article_states WHERE article_id = ?;

-- name: drop_versions
DELETE FROM versions WHERE article_id = ?;

-- name: add_version
INSERT INTO versions (article_id, number, date, reading_id, capture_id) VALUES (?, ?, ?, ?, ?);

-- name: drop_events
DELETE FROM events WHERE article_id = ?;

-- name: add_event
INSERT INTO events (article_id, number, date, kind, capture_id, version, as_version, target)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: drop_aliases
DELETE FROM aliases WHERE article_id = ?;

-- name: add_alias
INSERT INTO aliases (key, article_id, date) VALUES (?, ?, ?);

-- name: add_words
INSERT INTO words (rowid, title, text) VALUES (?, ?, ?);

-- name: drop_words
INSERT INTO words (words, rowid, title, text) VALUES ('delete', ?, ?, ?);

-- name: look
UPDATE article_states SET looked = coalesce((
    SELECT max(c.date) FROM aliases AS a JOIN captures AS c ON c.key = a.key
    WHERE a.article_id = article_states.article_id AND c.status < 500 AND c.status <> 429
), 0) WHERE article_id = ?;
