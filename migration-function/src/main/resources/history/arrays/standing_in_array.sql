-- As rows/standing, of the messages in an array.
create or replace function history.standing_in_array(
    said history.message[], conversation uuid, earlier jsonb, out place bigint, out missing jsonb)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    entry jsonb;
    m history.message;
    is_answered boolean := false;
begin
    missing := '[]';
    for entry in select e.value from jsonb_array_elements(earlier) with ordinality e(value, i) order by e.i desc loop
        m := history.named_in_array(said, conversation, entry ->> 'id');
        if m.id is null and entry ->> 'role' = 'user' and entry ? 'content' and not missing @> jsonb_build_array(entry)
            and not (is_answered and history.is_deleted(conversation)) and not history.was_deleted(conversation, entry ->> 'id')
        then
            missing := jsonb_build_array(case when missing @> jsonb_build_array(jsonb_build_object('id', entry -> 'id'))
                then entry || jsonb_build_object('id', gen_random_uuid()) else entry end) || missing;
        end if;
        is_answered := is_answered or entry ->> 'role' is distinct from 'user';
        continue when m.id is null;
        place := 9223372036854775807;
        if m.role = 'assistant' and m.seq < 0 then
            m := history.named_in_array(said, conversation, m.metadata ->> 'reply_to');
        end if;
        continue when (m.seq > 0) is not true;
        place := m.seq;
        exit;
    end loop;
end $$;
