-- Statements that make the policies and triggers of version 1 accept this version's search path, too: after the definitions and until
-- the guard has repaired the catalogue, both versions are in use. Run by migrate, one by one, before the definitions.
select format('alter policy %I on %s using (%s) with check (%3$s)', p.polname, p.polrelid::regclass,
    'current_setting(''search_path'') ~ ''^history_maintenance''')
from pg_policy p
where pg_get_expr(p.polqual, p.polrelid) = '(current_setting(''search_path''::text) = ''history_maintenance''::text)'
union all
select replace(replace(d.definition, 'CREATE TRIGGER', 'create or replace trigger'),
    '<> ''history_maintenance''::text', '!~ ''^history_maintenance''::text')
from pg_trigger t cross join lateral pg_get_triggerdef(t.oid) d(definition)
where not t.tgisinternal and d.definition like '%<> ''history_maintenance''::text%'
