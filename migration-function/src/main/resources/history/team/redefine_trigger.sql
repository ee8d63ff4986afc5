-- Gives a trigger another definition; it stays enabled or disabled as it is, and keeps its comment. Does nothing if the
-- table has no trigger of this name. Locks the table. Called by carry_triggers and restore_team.
create or replace function history.redefine_trigger(relation regclass, name name, definition text) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    t pg_trigger;
    said text;
begin
    select g.* into t from pg_trigger g where g.tgrelid = relation and g.tgname = name and not g.tgisinternal;
    if not found then
        return;
    elsif t.tgconstraint = 0 then
        execute regexp_replace(definition, '^CREATE TRIGGER', 'create or replace trigger');
    else -- nobody can replace a constraint trigger
        said := obj_description(t.oid, 'pg_trigger');
        execute format('drop trigger %I on %s', name, relation);
        execute definition;
        execute format('comment on trigger %I on %s is %L', name, relation, said);
    end if;
    execute format('alter table %s %s trigger %I', relation,
        case t.tgenabled when 'D' then 'disable' when 'A' then 'enable always' when 'R' then 'enable replica' else 'enable' end, name);
end $$;
