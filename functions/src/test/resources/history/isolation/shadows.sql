-- Statements that make, in pg_temp, a type, a relation, a function and an operator for each name that a function of schema history
-- says; each calls pg_temp.borrow, which tells as whom it works.
with said as (
    select distinct w[1] as name
    from pg_proc p cross join lateral regexp_matches(pg_get_functiondef(p.oid), '[a-z_0-9]+|[-+*/<>=~!@#%^&|?]+', 'g') w
    where p.pronamespace = 'history'::regnamespace and p.prokind = 'f'
)
select format('create domain pg_temp.%1$I as pg_catalog.%1$I check (pg_temp.borrow() is not null)', t.typname)
from pg_type t join said on said.name = t.typname
where t.typnamespace = 'pg_catalog'::regnamespace and t.typtype = 'b' and t.typcategory <> 'A'
union all
select distinct format('create view pg_temp.%I as select pg_temp.borrow()', c.relname)
from pg_class c join said on said.name = c.relname
where c.relnamespace in ('pg_catalog'::regnamespace, 'public'::regnamespace, 'history'::regnamespace) and c.relkind in ('r', 'v')
union all
select format('create function pg_temp.%I(%s) returns %s language plpgsql as %L', p.proname,
    pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid), 'begin perform pg_temp.borrow(); return null; end')
from pg_proc p join said on said.name = p.proname
where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind = 'f' and not p.proretset
    and not (p.proargtypes::oid[] || p.prorettype) && array(select t.oid from pg_type t where t.typtype = 'p')
    and p.proargmodes is null
union all
select format('create or replace function pg_temp.borrow_for(%2$s, %2$s) returns boolean language sql as %3$L; '
    'create operator pg_temp.%1$s (leftarg = %2$s, rightarg = %2$s, function = pg_temp.borrow_for)',
    o.oprname, t.oid::regtype, 'select pg_temp.borrow() is not null')
from pg_operator o join pg_type t on t.oid = o.oprleft and t.oid = o.oprright
join said on said.name = o.oprname join said typed on typed.name = t.typname
where o.oprnamespace = 'pg_catalog'::regnamespace and t.typtype = 'b'
