-- name: add
INSERT OR IGNORE INTO readings
    (id, capture_id, date, extractor, version, options, kind, error, key, state, document, file, offset)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: keys_of_capture
SELECT DISTINCT key FROM readings WHERE capture_id = ?;

-- name: sightings
SELECT c.date, c.id, c.url, r.date, r.id, r.extractor, r.version, r.options, r.key, r.kind, r.error, r.state
FROM readings AS r JOIN captures AS c ON c.id = r.capture_id
WHERE r.capture_id IN (SELECT capture_id FROM readings WHERE key = ?);

-- name: document
SELECT document FROM readings WHERE id = ?;

-- name: lost
SELECT id, capture_id, key FROM readings WHERE file = ? AND offset >= ?;

-- name: untie
UPDATE readings SET capture_id = '' WHERE id = ?;

-- name: drop
DELETE FROM readings WHERE id = ?;
