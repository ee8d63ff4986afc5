-- Supabase Realtime: publishes messages if all of conversations is published by name. If the whole database or schema is published,
-- messages are anyway. Returns what a person should know.
create or replace function history.join_realtime() returns text
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    joins constant text := 'alter publication supabase_realtime add table public.messages';
    words constant text := 'clients that listen to chat_sessions hear nothing any more: let them listen to conversations';
    listening constant text := history.let_listen(true);
    published record;
begin
    if not exists (select from pg_publication_tables t
        where t.pubname = 'supabase_realtime' and t.schemaname = 'public' and t.tablename = 'conversations')
    then
        return listening;
    end if;
    select r.prqual is not null or r.prattrs is not null as partly into published
    from pg_publication_rel r join pg_publication p on p.oid = r.prpubid
    where p.pubname = 'supabase_realtime' and r.prrelid = 'public.conversations'::regclass;
    if published.partly then
        return concat_ws('; ', listening, words) || '; messages are not published, since only some rows or columns of chat_sessions were. If all may be: ' || joins;
    elsif published.partly is not null and not exists (select from pg_publication_tables t
        where t.pubname = 'supabase_realtime' and t.schemaname = 'public' and t.tablename = 'messages')
    then
        execute joins;
    end if;
    return concat_ws('; ', listening, words) || ' and messages';
exception when insufficient_privilege then
    return words || '; run as the owner of the publication: ' || joins;
end $$;
