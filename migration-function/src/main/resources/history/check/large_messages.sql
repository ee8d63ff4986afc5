-- Messages of more than a megabyte, with an example: in their text, or in what is kept beside it. Looks at lengths, and unpacks
-- only what may be as long as that.
select count(*) as elements, min(format('element %s of conversation %s', m.seq, m.conversation_id)) as example
from public.messages m
where case when octet_length(m.content) > 1048576 or pg_column_size(m.metadata) > 1048576 then true
    when pg_column_size(m.metadata) > 8192 then octet_length(m.metadata::text) > 1048576 end
having count(*) > 0
