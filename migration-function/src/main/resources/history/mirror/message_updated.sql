-- messages, before update by a client: it stays where it is, and what no longer is as it was is not kept as legacy.
create or replace function history.message_updated() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    legacy jsonb := old.metadata -> 'legacy';
begin
    new.id := old.id;
    new.seq := old.seq;
    new.metadata := coalesce(new.metadata, '{}');
    if legacy is null then
        if new.metadata ? 'legacy' then
            new.metadata := (new.metadata - 'legacy') || jsonb_build_object('legacy_', new.metadata -> 'legacy');
        end if;
        return new;
    end if;
    legacy := legacy - array[
        case when new.content is distinct from old.content then 'content' end,
        case when new.role is distinct from old.role then 'role' end,
        case when new.metadata - 'legacy' is distinct from old.metadata - 'legacy' then 'metadata' end];
    new.metadata := new.metadata || jsonb_build_object('legacy', legacy);
    return new;
end $$;
