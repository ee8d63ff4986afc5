-- Supabase Realtime: who may listen to conversations may listen to messages. Returns what a person has to know.
create or replace function history.join_realtime() returns text
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    relation text;
begin
    if not exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime' and not puballtables) then
        return null;
    end if;
    foreach relation in array array['conversations', 'messages'] loop
        if not exists (select from pg_catalog.pg_publication_tables
            where pubname = 'supabase_realtime' and schemaname = 'public' and tablename = relation)
        then
            execute format('alter publication supabase_realtime add table public.%I', relation);
            update history.state set original = original || jsonb_build_object('published_' || relation, true);
        end if;
    end loop;
    return 'clients that listen to chat_sessions hear nothing any more: let them listen to conversations and messages';
exception when insufficient_privilege then
    return 'run as the owner of the publication: alter publication supabase_realtime add table public.messages';
end $$;
