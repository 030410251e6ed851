-- name: add
INSERT OR IGNORE INTO captures
    (id, urlkey, url, key, redirect, date, status, mime, digest, truncated, file, offset, length, asks, unread)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: held
SELECT key, max(date), max(status IN (200, 203) AND coalesce(truncated, 'length') = 'length')
FROM captures WHERE key IN (SELECT value FROM json_each(?)) GROUP BY key;

-- name: chain
WITH RECURSIVE chain (key, step) AS (
    VALUES (?, 0)
    UNION SELECT c.redirect, step + 1 FROM chain JOIN captures AS c USING (key) WHERE c.redirect IS NOT NULL AND step < 10
)
SELECT DISTINCT c.date, c.status, c.status IN (200, 203) AND coalesce(c.truncated, 'length') = 'length'
FROM chain JOIN captures AS c USING (key) ORDER BY c.date;

-- name: page
WITH RECURSIVE chain (key, step) AS (
    VALUES (?, 0)
    UNION SELECT c.redirect, step + 1 FROM chain JOIN captures AS c USING (key) WHERE c.redirect IS NOT NULL AND step < 10
)
SELECT id, url, c.date, status, mime, digest, truncated, file, offset, length
FROM chain JOIN captures AS c USING (key)
WHERE status IN (200, 203) AND coalesce(truncated, 'length') = 'length' ORDER BY c.date DESC LIMIT 1;

-- name: latest
SELECT id, url, date, status, mime, digest, truncated, file, offset, length FROM captures
WHERE key = ? AND url = ? AND status IN (200, 203) AND truncated IS NULL ORDER BY date DESC LIMIT 1;

-- name: by_id
SELECT id, url, date, status, mime, digest, truncated, file, offset, length FROM captures WHERE id = ?;

-- name: due
SELECT c.id, c.url, c.date, c.status, c.mime, c.digest, c.truncated, c.file, c.offset, c.length
FROM article_states AS s JOIN captures AS c ON c.id = s.capture_id
WHERE substr(s.key, 3, instr(substr(s.key, 3), '/') - 1) = :host
AND s.dated > :after AND s.dated <= :until AND s.looked < s.dated + :age
ORDER BY s.dated DESC LIMIT :limit;

-- name: look
UPDATE article_states SET looked = seen.newest FROM (
    SELECT a.article_id AS name, max(c.date) AS newest FROM captures AS c JOIN aliases AS a ON a.key = c.key
    WHERE c.number > ? AND c.status < 500 AND c.status <> 429 GROUP BY a.article_id
) AS seen WHERE article_id = seen.name AND looked < seen.newest;

-- name: last_number
SELECT coalesce(max(number), 0) FROM captures;

-- name: mark_read_after
UPDATE captures SET unread = 0
WHERE number > ? AND unread = 1 AND EXISTS (SELECT 1 FROM readings WHERE capture_id = captures.id);

-- name: places_after
SELECT DISTINCT key FROM captures WHERE number > ? AND unread = 0;

-- name: place
SELECT key FROM captures WHERE id = ?;

-- name: parts_after
SELECT DISTINCT r.key FROM captures AS new JOIN captures AS c ON c.key = new.key
JOIN readings AS r ON r.capture_id = c.id WHERE new.number > ? AND r.kind = 'part';

-- name: key
SELECT key FROM captures WHERE id = ?;

-- name: mark_read
UPDATE captures SET unread = 0 WHERE id = ?;

-- name: kind
SELECT mime, status FROM captures WHERE id = ?;

-- name: mark_unread
UPDATE captures SET unread = 1 WHERE id = ? AND NOT EXISTS (SELECT 1 FROM readings WHERE capture_id = captures.id);

-- name: set_aside
UPDATE captures SET unread = 2 WHERE id = ? AND unread = 1;

-- name: take_up
UPDATE captures SET unread = 1 WHERE unread = 2;

-- name: unread_hosts
WITH RECURSIVE found (host) AS (
    SELECT * FROM (SELECT host FROM captures WHERE unread = 1 AND host > :after ORDER BY host LIMIT 1)
    UNION ALL SELECT (SELECT host FROM captures WHERE unread = 1 AND host > found.host ORDER BY host LIMIT 1)
    FROM found WHERE host IS NOT NULL
)
SELECT host FROM found WHERE host IS NOT NULL LIMIT :limit;

-- name: next_unread
SELECT number, id, url, date, status, mime, digest, truncated, file, offset, length,
       EXISTS (SELECT 1 FROM readings WHERE capture_id = captures.id)
FROM captures WHERE unread = 1 AND host = ? AND number > ? ORDER BY number LIMIT 1;

-- name: count_unread
SELECT count(*) FROM captures WHERE unread = 1;

-- name: has_unread
SELECT EXISTS (SELECT 1 FROM captures WHERE unread = 1 AND number <= ?);

-- name: ids_of_file
SELECT id FROM captures WHERE file = ?;

-- name: drop
DELETE FROM captures WHERE id = ?;

-- name: counts
SELECT (SELECT count(*) FROM captures) AS captures,
       (SELECT count(*) FROM captures WHERE unread = 1) AS unread,
       (SELECT count(*) FROM readings) AS readings,
       (SELECT count(*) FROM article_states) AS articles;

-- name: cursors
SELECT name, offset, lines, stamp FROM followed;

-- name: set_cursor
INSERT INTO followed (name, offset, lines, stamp) VALUES (?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET offset = excluded.offset, lines = excluded.lines, stamp = excluded.stamp;

-- name: urls_of_article
SELECT DISTINCT c.url FROM aliases AS a JOIN captures AS c ON c.key = a.key WHERE a.article_id = ? ORDER BY c.url;
