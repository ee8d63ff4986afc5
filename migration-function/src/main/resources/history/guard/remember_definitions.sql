-- Records each function of the given names as it is now, and gives the rights to execute them: not to public, which gets it with a new
-- function, but to those of callable, in the same transaction, so that no call fails. Called after they have been defined.
create or replace function history.remember_definitions(names text[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    roles constant text := (
        select string_agg(quote_ident(r.rolname), ', ') from pg_roles r
        where r.rolname in ('authenticated', 'service_role', 'history_functions'));
begin
    revoke execute on all functions in schema history from public;
    execute (
        select format('grant execute on function %s to %s', string_agg(p.oid::regprocedure::text, ', '), roles)
        from pg_proc p where p.pronamespace = 'history'::regnamespace and p.proname = any (history.callable()));
    delete from history.definition d
    where split_part(d.name, '(', 1) = any (select 'history.' || n from unnest(names) n);
    insert into history.definition (name, digest)
    select p.oid::regprocedure::text, md5(pg_get_functiondef(p.oid))
    from pg_proc p where p.pronamespace = 'history'::regnamespace and p.proname = any (names);
end $$;
