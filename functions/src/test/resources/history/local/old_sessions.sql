-- After phase_0.sql and edge_cases.sql: what a year of use leaves. Ada and an admin work at demo, Bob at other.
update public.tenants set name = 'Demo', subdomain = 'demo' where subdomain = 'analytical';
update public.tenants set name = 'Other', subdomain = 'other' where subdomain = 'boole';
update public.tenant_users set role = 'user';
insert into auth.users values ('e0000000-0000-4000-8000-000000000003', 'admin@example.com');
insert into public.tenant_users (tenant_id, user_id, role)
select t.id, 'e0000000-0000-4000-8000-000000000003', 'admin' from public.tenants t where t.subdomain = 'demo';

-- Ordinary ones, of all three.
insert into public.chat_sessions (tenant_id, user_id, title, messages, created_at, updated_at)
select m.tenant_id, m.user_id, 'Conversation ' || n, said.messages, began.at, began.at + said.length * interval '1 minute'
from generate_series(1, 100) n
cross join public.tenant_users m
cross join lateral (select date_trunc('second', now() - n * interval '3 days') as at) began
cross join lateral (
    select count(*) as length, jsonb_agg(jsonb_build_object(
        'id', gen_random_uuid(), 'sessionId', 's' || n,
        'role', case i % 2 when 1 then 'user' else 'assistant' end,
        'content', case i % 2 when 1 then 'Question ' else 'Answer ' end || (i + 1) / 2 || ' of conversation ' || n,
        'timestamp', to_char(began.at + i * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by i) as messages
    from generate_series(1, 2 + n % 10 * 2) i) said;

-- What other applications, and other versions of this one, keep in the array; the title says which.
insert into public.chat_sessions (tenant_id, user_id, title, messages, created_at, updated_at)
select m.tenant_id, m.user_id, kind.title, kind.messages::jsonb, now() - interval '1 year', now() - interval '1 year'
from public.tenant_users m join auth.users u on u.id = m.user_id and u.email = 'ada@example.com'
cross join (values
    ('AI SDK 4', '[{"id":"u1","role":"user","content":"","parts":[{"type":"text","text":"Hello"}]}]'),
    ('AI SDK 5', '[{"id":"u1","role":"user","parts":[{"type":"text","text":"Hello"}]},{"id":"a1","role":"assistant","parts":[{"type":"step-start"},{"type":"reasoning","text":"A greeting."},{"type":"text","text":"Hi!"}]}]'),
    ('Gemini', '[{"role":"user","parts":[{"text":"Hello"}]},{"role":"model","parts":[{"text":"Hi"}]}]'),
    ('ChatGPT export', '[{"author":{"role":"user"},"content":{"content_type":"text","parts":["Hi"]},"create_time":1717243200.5}]'),
    ('LangChain', '[{"type":"human","data":{"content":"Hi"}},{"type":"ai","content":"Hi"},{"lc":1,"type":"constructor","id":["langchain","schema","messages","HumanMessage"],"kwargs":{"content":"Hi"}}]'),
    ('ShareGPT and hand-made', '[{"from":"human","value":"Hi"},{"from":"gpt","value":"Hi"},{"sender":"bot","text":"Hi"},{"message":"Hi","isUser":true},{"speaker":"somebody","text":"Hi"}]'),
    ('Refusal', '[{"role":"user","content":"Do it."},{"role":"assistant","content":null,"refusal":"I cannot do that."}]'),
    ('Encoded twice', '"[{\"role\":\"user\",\"content\":\"Hello\"}]"'),
    ('In an object', '{"messages":[{"role":"user","content":"Hello"}]}'),
    ('Times', '[{"role":"user","content":"1","timestamp":"Mon, 02 Jun 2025 10:00:00 +0200"},{"role":"user","content":"2","timestamp":"Mon Jun 02 2025 10:00:00 GMT+0200 (CEST)"},{"role":"user","content":"3","timestamp":{"$date":"2025-06-02T08:00:00Z"}},{"role":"user","content":"4","timestamp":{"seconds":1748851200,"nanoseconds":5}},{"role":"user","content":"5","timestamp":"2025-06-02t08:00:00z"},{"role":"user","content":"6","timestamp":" 2025-06-02 08:00:00 UTC "},{"role":"user","content":"7","create_time":1748851200},{"role":"user","content":"8","time":1748851200},{"role":"user","content":"9","date":"2025-06-02"},{"role":"user","content":"10","ts":1748851200000},{"role":"user","content":"11","sent_at":"2025-06-02T08:00:00Z"},{"role":"user","content":"12","created":1748851200}]'),
    ('No time of its own', '[{"role":"user","content":"Hello","timestamp":"2025-07-10T10:00:00Z"},{"role":"assistant","content":"Hi"}]'),
    ('Tools and no role', '[{"role":"user","content":"What time is it?"},{"role":"tool","content":"12:00"},{"content":"Noon."}]')
) kind(title, messages);

-- A picture in the text, 8 MB, with something before and after it.
insert into public.chat_sessions (tenant_id, user_id, title, messages)
select m.tenant_id, m.user_id, 'A large picture', jsonb_build_array(
    jsonb_build_object('role', 'user', 'content', 'What is on the picture?'),
    jsonb_build_object('role', 'user', 'content', 'data:image/png;base64,' || repeat('iVBORw0K', 1000000)),
    jsonb_build_object('role', 'assistant', 'content', 'A house.'))
from public.tenant_users m join auth.users u on u.id = m.user_id and u.email = 'ada@example.com';
