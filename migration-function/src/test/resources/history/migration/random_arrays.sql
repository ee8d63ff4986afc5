-- Arrays like those that applications keep, and like nothing that anybody keeps: select pg_temp.arrays(how_many).
create function pg_temp.one_of(choices anyarray) returns anyelement language sql volatile
    as $$ select choices[1 + floor(random() * cardinality(choices))::integer] $$;

create function pg_temp.scalar() returns jsonb language sql volatile as $$
    select pg_temp.one_of(array['null', 'true', 'false', '0', '-1.50', '1e-300', '1e300', '9007199254740993', '0.000', '""', '" "',
        '"user"', '"AI"', '"HumanMessage"', '"tool"', '"text"', '"constructor"', '"user_message"', '"incoming"', '"Hi"', '"👩‍👩‍👧 שלום"',
        '"\u202e\t\n\\\" $ ''"', '"now"', '"2024-02-30T00:00:00Z"', '"Mon, 02 Jun 2025 10:00:00 GMT"', '1717243200', '1717243200500',
        '"[]"', '"{}"', '"[\"x\"]"', '"{\"role\": \"user\", \"content\": \"encoded  twice\"}"', '"not {json"',
        '"2024-01-15T10:00:00.123456Z"'])::jsonb $$;

create function pg_temp.value(depth integer) returns jsonb language plpgsql volatile as $$
declare
    chance double precision := random();
begin
    if depth = 0 or chance < 0.4 then
        return pg_temp.scalar();
    elsif chance < 0.6 then
        return (select coalesce(jsonb_agg(pg_temp.value(depth - 1)), '[]') from generate_series(1, floor(random() * 4)::integer));
    end if;
    return (
        select coalesce(jsonb_object_agg(k, pg_temp.value(depth - 1)), '{}')
        from unnest(array['role', 'content', 'metadata', 'legacy', 'history_absent', 'id', '', 'type', 'text', 'parts', 'value', '😀']
            || history.role_keys() || history.text_keys() || history.time_keys()) k
        where random() < 0.08);
end $$;

create function pg_temp.likely() returns jsonb language sql volatile as $$
    select pg_temp.one_of(array[
        '{"role": "user", "content": "plain"}', '{"role": "assistant", "content": "", "parts": [{"type": "text", "text": "parts"}]}',
        '{"role": "user", "parts": [{"type": "reasoning", "text": "x"}, {"type": "text", "text": "a"}, {"type": "file"}, {"text": "b"}]}',
        '{"role": "model", "parts": [{"text": "Hi"}]}', '{"from": "gpt", "value": "Hi"}', '{"message": "Hi", "isUser": true}',
        '{"author": {"role": "user"}, "content": {"content_type": "text", "parts": ["Hel", "lo"]}}',
        '{"type": "human", "data": {"content": "Hi"}}', '{"type": "ai", "content": [{"type": "text", "text": "Hi"}, {"type": "tool_use"}]}',
        '{"lc": 1, "type": "constructor", "id": ["messages", "AIMessage"], "kwargs": {"content": "Hi"}}',
        '{"role": "assistant", "content": null, "refusal": "no"}', '{"type": "user_message", "output": "Hi"}',
        '{"type": "text", "direction": "outgoing", "payload": {"text": "Hi"}}', '{"role": "user", "content": {"text": {"value": "Hi"}}}'
        ])::jsonb || case when random() < 0.5 then pg_temp.value(2) else '{}' end $$;

create function pg_temp.arrays(how_many integer) returns table (id uuid, list jsonb, stored jsonb) language sql volatile as $$
    select md5('array ' || n)::uuid, each.list, case floor(random() * 4)
        when 0 then to_jsonb(each.list::text)
        when 1 then jsonb_build_object('title', pg_temp.scalar(), 'messages', each.list)
        when 2 then to_jsonb(format(E' {"chat": {"b": 1,\n"a": 2.0, "a": 2.00, "messages": %s} }', to_jsonb(each.list::text)))
        else each.list end
    from generate_series(1, how_many) n
    cross join lateral (
        select coalesce(jsonb_agg(case when random() < 0.7 then pg_temp.likely() else pg_temp.value(3) end), '[]') as list
        from generate_series(1, n % 6)
    ) each $$;
