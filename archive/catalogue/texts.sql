-- name: of_captures
-- The newest reading of each, by any extractor; further pages of an article are part of the first.
SELECT count(*),
       sum(NOT r.shows OR coalesce(r.document ->> 'text', '') = ''),
       sum(EXISTS (SELECT 1 FROM json_each(r.labels) AS l WHERE l.value IN (SELECT value FROM json_each(:walls)))),
       sum(r.shows AND r.document ->> 'text' <> '' AND coalesce(r.document ->> 'title', '') = ''),
       sum(r.shows AND r.document ->> 'text' <> '' AND coalesce(r.document ->> 'published', '') = ''),
       sum(r.shows AND r.document ->> 'text' <> '' AND json_array_length(r.document, '$.authors') = 0),
       json_group_array(coalesce(r.document ->> 'word_count', 0)) FILTER (WHERE r.shows AND r.document ->> 'text' <> '')
FROM json_each(:ids) AS wanted
JOIN readings AS r ON r.number = (SELECT max(number) FROM readings WHERE capture_id = wanted.value)
WHERE r.kind <> 'part';
