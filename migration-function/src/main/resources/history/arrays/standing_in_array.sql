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
        place := m.seq;
        exit when m.id is not null;
        if entry ->> 'role' = 'user' and entry ? 'content' and not missing @> jsonb_build_array(entry)
            and not (is_answered and history.is_deleted(conversation))
            and history.is_deleted(history.derived_id('message', conversation || ' ' || (entry ->> 'id'))) is not true
        then
            missing := jsonb_build_array(case when missing @> jsonb_build_array(jsonb_build_object('id', entry -> 'id'))
                then entry || jsonb_build_object('id', gen_random_uuid()) else entry end) || missing;
        end if;
        is_answered := is_answered or entry ->> 'role' is distinct from 'user';
    end loop;
end $$;
