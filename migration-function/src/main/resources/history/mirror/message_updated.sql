-- messages, before update by a client: it keeps its place and its turn, its parts follow its text, and what has changed leaves legacy.
create or replace function history.message_updated() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    legacy jsonb := old.metadata -> 'legacy';
    turn record;
    kept jsonb;
begin
    if (new.id, new.tenant_id, new.conversation_id, new.user_id)
        is distinct from (old.id, old.tenant_id, old.conversation_id, old.user_id)
    then
        raise check_violation using message = 'A message keeps its id, and stays in its conversation and with its user.',
            schema = tg_table_schema, table = tg_table_name;
    end if;
    new.seq := old.seq;
    new.metadata := coalesce(new.metadata, '{}');
    if new.metadata is distinct from old.metadata and (new.metadata ?| history.turn_keys() or old.metadata ?| history.turn_keys()) then
        if session_user <> 'history_functions' then
            kept := (
                select jsonb_object_agg(k.key, old.metadata -> k.key) from unnest(history.turn_keys()) k(key)
                where old.metadata ? k.key and jsonb_typeof(old.metadata) = 'object');
            new.metadata := case jsonb_typeof(new.metadata)
                when 'object' then new.metadata - history.turn_keys() || coalesce(kept, '{}')
                else coalesce(kept, new.metadata) end; -- what a service writes may be no object
        else -- the release before tells of a turn there
            turn := history.turn_of(new.metadata);
            new := jsonb_populate_record(new, jsonb_strip_nulls(to_jsonb(turn)));
            new.lease_until := turn.lease_until;
        end if;
    end if;
    if new.content is distinct from old.content and new.parts = old.parts then
        new.parts := history.with_text(old.parts, new.content);
    end if;
    if new.content is distinct from old.content and new.status <> 'running' and new.metadata #> '{attempt,before}' is not null then
        new.metadata := new.metadata #- '{attempt,before}'; -- it goes on from this text
    end if;
    if legacy is null then
        if new.metadata ? 'legacy' then
            new.metadata := (new.metadata - 'legacy') || jsonb_build_object('legacy_', new.metadata -> 'legacy');
        end if;
        return new;
    end if;
    if new.content is distinct from old.content or new.role is distinct from old.role
        or new.metadata - 'legacy' is distinct from old.metadata - 'legacy'
    then
        legacy := history.kept(history.edited(
            history.element_of(old.id, old.conversation_id, old.user_id, old.role, old.content, old.metadata, old.created_at),
            new.role, new.content, case when new.metadata - 'legacy' is distinct from old.metadata - 'legacy'
                then new.metadata - 'legacy' end), new.role, new.content) -> 'legacy';
    end if;
    new.metadata := new.metadata || jsonb_build_object('legacy', legacy);
    return new;
end $$;
