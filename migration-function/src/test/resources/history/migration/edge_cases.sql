-- One conversation of Ada per edge case; the title names it where the title is not the case.
insert into public.chat_sessions (id, tenant_id, user_id, title, messages, metadata, created_at, updated_at)
select ('c0000000-0000-4000-8000-' || lpad(row_number() over ()::text, 12, '0'))::uuid,
    '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001',
    kind.title, kind.messages::jsonb, '{"pinned": true}', '2023-05-01T10:00:00Z', '2023-06-01T12:34:56.789Z'
from (values
    ('sql null', null), ('json null', 'null'), ('empty', '[]'),
    ('as the application writes it', '[{"id":"m1","content":"Hello","role":"user","timestamp":"2024-01-15T10:00:00.123Z","sessionId":"s","userId":"u"},{"id":"m2","content":"Hi!","role":"assistant","timestamp":"2024-01-15T10:00:01Z","sessionId":"s","metadata":{"model":"x"}}]'),
    ('roles', '[{"role":"User","content":"1"},{"role":"human","content":"2"},{"role":"ai","content":"3"},{"role":"bot","content":"4"},{"role":"MODEL","content":"5"},{"role":"developer","content":"6"},{"role":"system","content":"7"}]'),
    ('parts', '[{"role":"user","content":[{"type":"text","text":"Hel"},{"type":"image","url":"u"},{"type":"text","text":"lo"}]},{"role":"user","content":{"text":"T","x":1}},{"role":"user","content":42.50},{"role":"user","content":true}]'),
    ('bad elements', '[{"role":"user"},{"role":"user","content":null},{"content":"no role"},{"role":"tool","content":"t"},{"role":"function","content":"f"},{"role":null,"content":"x"},{"role":7,"content":"x"},"text",17,null,[1],{"role":"user","content":[{"type":"image"}]},{"role":"user","content":"good"}]'),
    ('object', '{"role":"user","content":"x"}'), ('scalar', '17'), ('doubly encoded', '"[{\"role\":\"user\",\"content\":\"x\"}]"'),
    (null, '[{"role":"user","content":"no title"}]'), ('   ', '[{"role":"user","content":"blank title"}]'),
    ('words for times', '[{"role":"user","content":"a","timestamp":"now"},{"role":"user","content":"b","timestamp":"infinity"},{"role":"user","content":"c","timestamp":"epoch"},{"role":"user","content":"d","timestamp":"yesterday"},{"role":"user","content":"e","timestamp":"2024-02-31T00:00:00Z"},{"role":"user","content":"f","timestamp":"1999-12-31"},{"role":"user","content":"g","timestamp":"2101-01-01"},{"role":"user","content":"h","timestamp":{}},{"role":"user","content":"i","timestamp":1e300},{"role":"user","content":"j","timestamp":-5}]'),
    ('times', '[{"role":"user","content":"a","timestamp":1705312800},{"role":"user","content":"b","timestamp":1705312800000},{"role":"user","content":"c","timestamp":1705312800000000},{"role":"user","content":"d","created_at":"2024-01-15T10:00:00Z"},{"role":"user","content":"e","createdAt":"2024-01-15 12:00:00+02"},{"role":"user","content":"f","timestamp":"1705312800000"}]'),
    ('equal and descending', '[{"id":"d","role":"user","content":"1","timestamp":"2024-01-15T10:00:02Z"},{"id":"d","role":"user","content":"2","timestamp":"2024-01-15T10:00:01Z"},{"id":"d","role":"user","content":"3","timestamp":"2024-01-15T10:00:01Z"}]'),
    ('emoji and rtl', '[{"role":"user","content":"👩‍👩‍👧 שלום مرحبا","😀":{"a":[]}},{"role":"user","content":""}]'),
    ('metadata', '[{"role":"user","content":"a","metadata":{}},{"role":"user","content":"b","metadata":"text"},{"role":"user","content":"c","metadata":null},{"role":"user","content":"d","metadata":{"legacy":1,"k":2}},{"role":"user","content":"e","metadata":{"k":[1,{"l":null}]}},{"role":"user","content":"f","legacy":{"x":1}}]')
) kind(title, messages);
insert into public.chat_sessions (id, tenant_id, user_id, title, messages, metadata, created_at, updated_at)
select 'd0000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001',
    'ten thousand', jsonb_agg(jsonb_build_object('id', 'm' || i, 'role', 'user', 'content', 'Message ' || i) order by i), null, null, null
from generate_series(1, 10000) i;
insert into public.chat_sessions (id, tenant_id, user_id, title, messages, metadata, created_at, updated_at)
values ('d0000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-00000000000b', 'b0000000-0000-4000-8000-000000000002',
    'Bob', '[{"role":"user","content":"I am Bob"}]', '{}', null, '2023-01-01T00:00:00Z');
