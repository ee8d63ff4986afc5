-- Records each function of the given names as it is now, and revokes the execute right that public gets on a new function.
-- Called after they have been defined.
create or replace function history.remember_definitions(names text[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    revoke execute on all functions in schema history from public;
    delete from history.definition d
    where split_part(d.name, '(', 1) = any (select 'history.' || n from unnest(names) n);
    insert into history.definition (name, digest)
    select p.oid::regprocedure::text, md5(pg_get_functiondef(p.oid))
    from pg_proc p where p.pronamespace = 'history'::regnamespace and p.proname = any (names);
end $$;
