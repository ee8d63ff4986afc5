-- Stores lines of an export for a user of a tenant, under ids of their own. A conversation that is there already stays as it is; its lines
-- must come in one transaction. Out: how many conversations were not there. Called by import.
create or replace function history.import_lines(tenant uuid, of_user uuid, lines jsonb) returns bigint
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    of_this constant xid := pg_current_xact_id()::xid;
    line record;
    touched uuid[] := '{}';
    added bigint := 0;
    own jsonb;
    stored record;
    key text;
begin
    for line in
        select l.value, l.value ->> 'type' as type, history.imported_id(tenant, of_user, l.value ->> 'id') as id,
            history.imported_id(tenant, of_user, coalesce(l.value ->> 'conversation_id', l.value ->> 'id')) as conversation
        from jsonb_array_elements(lines) with ordinality l(value, place) order by l.place
    loop
        own := line.value || jsonb_build_object('id', line.id, 'tenant_id', tenant, 'user_id', of_user, 'conversation_id', line.conversation);
        if line.type = 'conversation' then
            stored := jsonb_populate_record(null::public.conversations, own);
            stored.metadata := own -> 'metadata'; -- also where it is null in JSON
            insert into public.conversations values (stored.*) on conflict do nothing;
            added := added + case when found then 1 else 0 end;
        end if;
        continue when not exists (select from public.conversations c
            where c.tenant_id = import_lines.tenant and c.id = line.conversation and c.xmin = of_this);
        touched := array_append(array_remove(touched, line.conversation), line.conversation);
        if line.type = 'message' then
            stored := jsonb_populate_record(null::public.messages, own);
            stored.reply_to := history.imported_id(tenant, of_user, own ->> 'reply_to');
            stored.metadata := own -> 'metadata';
            foreach key in array array['reply_to', 'version_of'] loop
                if jsonb_typeof(stored.metadata -> key) = 'string' then
                    stored.metadata := stored.metadata
                        || jsonb_build_object(key, history.imported_id(tenant, of_user, stored.metadata ->> key));
                end if;
            end loop;
            insert into public.messages values (stored.*);
        elsif line.type = 'quarantined' then
            stored := jsonb_populate_record(null::history.quarantine, own);
            stored.element := own -> 'element';
            stored.original := own -> 'original';
            insert into history.quarantine values (stored.*);
        end if;
    end loop;
    if (select s.phase from history.state s) = 'migrated' then
        update public.conversations c set messages = history.rebuilt(c.id) where c.tenant_id = import_lines.tenant and c.id = any (touched);
    end if;
    return added;
end $$;
