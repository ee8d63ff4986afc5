-- The view with the old name, for the old application: the columns that the table had.
create or replace function history.make_view() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    columns text;
begin
    select string_agg(quote_ident(a.attname), ', ' order by a.attnum) into columns
    from pg_attribute a
    where a.attrelid = 'public.conversations'::regclass and a.attnum > 0 and not a.attisdropped
        and a.attname not in ('last_seq', 'message_count', 'request_hash', 'archived', 'labels', 'last_message_at', 'revision');
    execute format(
        'create view public.chat_sessions with (security_invoker = true) as select %s from public.conversations', columns);
end $$;
