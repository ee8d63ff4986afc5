-- As rows/known_message, of the messages in an array.
create or replace function history.named_in_array(said history.message[], conversation uuid, name text) returns history.message
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    own constant uuid := history.to_uuid(name);
    derived constant uuid := history.derived_id('message', conversation || ' ' || name);
    m history.message;
begin
    if name is not null then
        select s.* into m from unnest(said) s
        where s.id in (own, derived) or own = history.element_id(conversation, s.seq) order by s.seq desc limit 1;
    end if;
    return m;
end $$;
