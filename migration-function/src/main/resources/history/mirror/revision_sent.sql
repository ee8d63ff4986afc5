-- conversations, after any change, with Supabase Realtime: sends id and revision (null: deleted), nothing else, to its user's topic.
create or replace function history.revision_sent() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform realtime.send(jsonb_build_object('id', coalesce(new.id, old.id), 'revision', new.revision), 'conversation',
        'conversations:' || coalesce(new.user_id, old.user_id), true);
    return null;
end $$;
