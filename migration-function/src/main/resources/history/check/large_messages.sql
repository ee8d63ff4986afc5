-- Messages with more than a megabyte of text or metadata. Compares stored lengths, and unpacks only values that may be that long.
select false as blocks, format('%s messages have more than 1 MB, e.g. %s.', to_char(count(*), 'FM999,999,999,999'),
        min(format('element %s of conversation %s', m.seq, m.conversation_id))) as finding,
    'They are migrated as they are. Pages with one are short and slow to load; above 5 MB the API shows its beginning.' as remedy
from public.messages m
where case when octet_length(m.content) > 1048576 or pg_column_size(m.metadata) > 1048576 then true
    when pg_column_size(m.metadata) > 8192 then octet_length(m.metadata::text) > 1048576 end
having count(*) > 0
