-- conversations, after any change, with Supabase Realtime: sends id and revision (null: deleted), nothing else, to its user's topic.
create or replace function history.revision_sent() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'DELETE' then
        perform realtime.send(jsonb_build_object('id', old.id, 'revision', null), 'conversation', 'conversations:' || old.user_id, true);
    else
        perform realtime.send(
            jsonb_build_object('id', new.id, 'revision', new.revision), 'conversation', 'conversations:' || new.user_id, true);
    end if;
    return null;
end $$;
