-- name: pages
SELECT c.number FROM captures AS c WHERE c.status IN (200, 203) ORDER BY c.date, c.id;

-- name: page_by_number
SELECT c.id, c.url, c.date, c.status, c.mime, c.digest, c.file, c.offset,
       r.document ->> 'title', r.document ->> 'text', r.labels
FROM captures AS c LEFT JOIN readings AS r ON r.id = (
    SELECT id FROM readings WHERE capture_id = c.id ORDER BY date DESC, id DESC LIMIT 1
)
WHERE c.number = ?;
