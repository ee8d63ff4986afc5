-- Carries over the team's triggers on conversations: those on updates do not fire for the migration's own writes, but do when a
-- client's message changes an array. Out: their definitions.
-- Nothing of ours inserts or deletes conversations. Called by expand, which has locked it.
create or replace function history.carry_triggers() returns text[]
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    awake constant text := format('(CURRENT_USER <> %L::name) OR (current_setting(''search_path''::text) <> '
        '''history_maintenance, pg_temp''::text) OR (pg_trigger_depth() > 0)', history.owner());
    t record;
    part text[];
begin
    for t in
        select g.tgname, pg_get_triggerdef(g.oid) as definition from pg_trigger g
        where g.tgrelid = 'public.conversations'::regclass and not g.tgisinternal and g.tgtype & 16 <> 0 and g.tgname !~ '^history_'
    loop
        part := regexp_match(t.definition, '^(.* FOR EACH (?:ROW|STATEMENT) )(?:WHEN \((.*)\) )?(EXECUTE FUNCTION .*)$');
        perform history.redefine_trigger('public.conversations', t.tgname,
            part[1] || 'WHEN ((' || awake || ')' || coalesce(' AND (' || part[2] || ')', '') || ') ' || part[3]);
    end loop;
    return array(select pg_get_triggerdef(g.oid) from pg_trigger g
        where g.tgrelid = 'public.conversations'::regclass and not g.tgisinternal and g.tgname !~ '^history_');
end $$;
