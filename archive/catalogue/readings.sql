-- name: add
INSERT OR IGNORE INTO readings
    (id, capture_id, date, extractor, version, options, kind, labels, asks, error, place, key, shows, sketch, document,
    file, offset)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: keys_at
SELECT DISTINCT key FROM readings WHERE place = ? AND shows = 1;

-- name: is_shown
SELECT 1 FROM readings WHERE key = ? AND shows = 1 LIMIT 1;

-- name: looks
SELECT c.date, c.id, c.url, c.key, c.status, c.mime, c.redirect, c.digest, c.asks,
       r.id, r.date, r.extractor, r.version, r.options, r.key, r.kind, r.labels, r.asks, r.error, r.sketch
FROM captures AS c LEFT JOIN readings AS r ON r.capture_id = c.id
WHERE c.key IN (SELECT place FROM readings WHERE key = ?1 AND shows = 1 UNION SELECT ?1)
ORDER BY c.id, r.date, r.id;

-- name: document
SELECT document FROM readings WHERE id = ?;

-- name: lost
SELECT id, capture_id, place, key FROM readings WHERE file = ? AND offset >= ?;

-- name: untie
UPDATE readings SET capture_id = '', shows = 0 WHERE id = ?;

-- name: drop
DELETE FROM readings WHERE id = ?;

-- name: parts
SELECT c.id, (SELECT max(date) FROM captures WHERE key = c.key), r.document
FROM readings AS r JOIN captures AS c ON c.id = r.capture_id WHERE r.key = ? AND r.kind = 'part'
ORDER BY c.date, c.id, r.date, r.id;

-- name: first_page
SELECT c.id, c.date, r.document -> 'pages' FROM captures AS c LEFT JOIN readings AS r ON r.capture_id = c.id
WHERE c.key = ? AND (c.unread = 1 OR r.kind <> 'part')
ORDER BY c.date DESC, c.id DESC, r.date DESC, r.id DESC LIMIT 1;

-- name: read_again
UPDATE captures SET unread = 1 WHERE id = ? AND unread = 0;
