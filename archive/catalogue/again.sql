-- name: queue
UPDATE captures SET unread = 1
WHERE unread = 0 AND date >= ?1 AND urlkey >= ?2 AND urlkey < ?3
AND EXISTS (SELECT 1 FROM readings WHERE capture_id = captures.id)
AND NOT EXISTS (
    SELECT 1 FROM (SELECT * FROM readings WHERE capture_id = captures.id ORDER BY date DESC, id DESC LIMIT 1)
    WHERE extractor = ?4 AND version = ?5 AND options ->> 'recipe' IS recipe_of(captures.url, captures.date)
    AND NOT (?6 AND (error IS NOT NULL OR labels LIKE '%"unread-pdf"%'))
);

-- name: queue_pdfs
UPDATE captures SET unread = 1 WHERE unread = 0 AND mime = 'application/pdf' AND status IN (200, 203)
AND coalesce(
    (SELECT labels FROM readings WHERE capture_id = captures.id ORDER BY date DESC, id DESC LIMIT 1), '["unread-pdf"]'
) LIKE '%"unread-pdf"%';

-- name: count_pdfs
SELECT count(*) FROM captures WHERE unread = 0 AND mime = 'application/pdf' AND status IN (200, 203)
AND coalesce(
    (SELECT labels FROM readings WHERE capture_id = captures.id ORDER BY date DESC, id DESC LIMIT 1), '["unread-pdf"]'
) LIKE '%"unread-pdf"%';

-- name: pairs
SELECT c.url, c.id, c.date,
       (SELECT o.document FROM readings AS o
        WHERE o.capture_id = c.id AND (o.extractor <> ?4 OR o.version <> ?5
            OR o.options ->> 'recipe' IS NOT recipe_of(c.url, c.date)) ORDER BY o.date DESC, o.id DESC LIMIT 1) AS old,
       (SELECT n.document FROM readings AS n
        WHERE n.capture_id = c.id AND n.extractor = ?4 AND n.version = ?5
            AND n.options ->> 'recipe' IS recipe_of(c.url, c.date) ORDER BY n.date DESC, n.id DESC LIMIT 1) AS new
FROM captures AS c
WHERE c.date >= ?1 AND c.urlkey >= ?2 AND c.urlkey < ?3 AND old IS NOT NULL AND new IS NOT NULL
ORDER BY c.date, c.id;
