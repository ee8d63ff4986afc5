-- The report of check: each row is a step with its detail, or a finding. Changes nothing.
with isolation as materialized (
    select * from history.check_isolation()
), plan as materialized (
    select *, format('%s; %s buffers, %s ms', nodes, buffers, milliseconds) as words from history.check_plans()
)
select 'isolation' as step, format('%s tables, as %s', count(distinct relation), string_agg(distinct caller, '; ')) as detail,
    null::boolean as blocks, null as finding, null as remedy
from isolation
union all
select null, null, blocks, format('%s sees %s rows of %s, and may see %s.', caller, seen, relation, allowed),
    format('Look at the policies of %s; status names those that differ from this version''s.', relation)
from isolation where seen <> allowed
union all
select null, null, blocks, format('%s may not read %s, and may see %s rows of it.', caller, relation, allowed),
    'A right is missing: status names it.'
from isolation where seen is null and allowed > 0
union all
select statement, words, null, null, null from plan where nodes is not null
union all
select null, null, true, format('"%s" reads or sorts everything: %s.', statement, words),
    'An index is missing, or statistics are old: run migrate, then analyze public.conversations, public.messages;'
from plan where whole
union all
select null, null, false, format('%s may make temporary tables, types and functions, which nothing here needs.', string_agg(r.rolname, ', ')),
    format('First grant it to the roles of yours that need it; then: revoke temporary on database %I from public, anon, authenticated, '
        'history_functions;', current_database())
from pg_roles r
where r.rolname in ('anon', 'authenticated', 'history_functions') and has_database_privilege(r.oid, current_database(), 'temporary')
having count(*) > 0
