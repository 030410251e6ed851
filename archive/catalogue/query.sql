-- name: articles
SELECT s.article_id, r.id, r.document, c.id, c.file, c.offset, c.digest, c.date, s.wishes, s.labels, s.origins
FROM article_states AS s JOIN readings AS r ON r.id = s.reading_id JOIN captures AS c ON c.id = s.capture_id
WHERE s.changed >= ? ORDER BY s.changed, s.article_id;

-- name: articles_to_copy
SELECT s.article_id, r.id, r.document, c.id, c.file, c.offset, c.digest, c.date, s.wishes, s.labels, s.origins
FROM article_states AS s JOIN readings AS r ON r.id = s.reading_id JOIN captures AS c ON c.id = s.capture_id
WHERE s.changed >= ?1 OR r.date >= ?1 ORDER BY s.changed, s.article_id;

-- name: articles_under
SELECT s.article_id, r.id, r.document, c.id, c.file, c.offset, c.digest, c.date, s.wishes, s.labels, s.origins
FROM article_states AS s JOIN readings AS r ON r.id = s.reading_id JOIN captures AS c ON c.id = s.capture_id
WHERE s.key = ? OR (s.key >= ? AND s.key < ?) ORDER BY s.changed DESC, s.article_id LIMIT ?;

-- name: article
SELECT s.article_id, r.id, r.document, c.id, c.file, c.offset, c.digest, c.date, s.wishes, s.labels, s.origins
FROM article_states AS s JOIN readings AS r ON r.id = s.reading_id JOIN captures AS c ON c.id = s.capture_id
WHERE s.article_id = ?;

-- name: ids_from
SELECT article_id FROM article_states WHERE article_id >= ? AND article_id < ? || '~' LIMIT 2;

-- name: id_of_alias
SELECT article_id FROM aliases WHERE key = ? ORDER BY date DESC, article_id LIMIT 1;

-- name: states
SELECT v.article_id, r.id, r.document, c.id, c.file, c.offset, c.digest, c.date, s.wishes, NULL, NULL, v.number
FROM article_states AS s JOIN versions AS v ON v.article_id = s.article_id
JOIN readings AS r ON r.id = v.reading_id JOIN captures AS c ON c.id = r.capture_id
WHERE s.changed >= ?1 AND v.date >= ?1 ORDER BY s.changed, s.article_id, v.number;

-- name: versions
SELECT v.number, v.date, v.reading_id, v.capture_id, r.document ->> 'title', r.document ->> 'text'
FROM versions AS v JOIN readings AS r ON r.id = v.reading_id
WHERE v.article_id = ? ORDER BY v.number;

-- name: key
SELECT key FROM article_states WHERE article_id = ?;

-- name: happened_since
SELECT DISTINCT article_id FROM events WHERE date >= ? AND kind <> 'first';

-- name: place_of_capture
SELECT file, offset FROM captures WHERE id = ?;

-- name: place_of_reading
SELECT file, offset FROM readings WHERE id = ?;

-- name: document
SELECT document FROM readings WHERE id = ?;

-- name: search
SELECT s.article_id, r.id, r.document, c.id, c.file, c.offset, c.digest, c.date, s.wishes, s.labels, s.origins
FROM (
    SELECT a.number, a.dated, a.article_id AS name FROM words JOIN article_states AS a ON a.number = words.rowid
    WHERE words MATCH ? ORDER BY a.dated DESC, a.article_id LIMIT ? OFFSET ?
) AS found
JOIN article_states AS s ON s.number = found.number
JOIN readings AS r ON r.id = s.reading_id
JOIN captures AS c ON c.id = s.capture_id
ORDER BY found.dated DESC, found.name;
