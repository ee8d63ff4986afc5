-- Applies a replaced array to a conversation that is too large for one commit and only partly converted: its first positions are rows,
-- all from the array. If the column is no array any more, the conversion starts again. Does nothing if it has not started. Called by
-- array_rewritten.
create or replace function history.rewrite_begun(
    tenant uuid, conversation uuid, owner uuid, otherwise timestamptz, was jsonb, becomes jsonb, is_array boolean)
returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    done bigint := (select p.converted from history.progress p where p.conversation_id = conversation);
begin
    if done is null then
        return; -- the backfill will read this array
    elsif not is_array then
        perform history.remove(tenant, conversation, array(select generate_series(0, done)));
        delete from history.progress p where p.conversation_id = conversation;
        return;
    end if;
    perform history.remove(
        tenant, conversation, array(select generate_series(jsonb_array_length(becomes) + 1, done)));
    done := least(done, jsonb_array_length(becomes));
    update history.progress p set converted = done where p.conversation_id = conversation;
    perform history.put_changed(tenant, conversation, owner, otherwise,
        array(select value from jsonb_array_elements(history.slice(was, 1, done))),
        array(select value from jsonb_array_elements(history.slice(becomes, 1, done))),
        array(select generate_series(1, done)));
end $$;
