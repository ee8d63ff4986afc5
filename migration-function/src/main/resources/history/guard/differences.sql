-- All differences between the catalogue and what a phase needs, in the order of their repair. mend: the statement that repairs it, which
-- every migrate runs, each part that ends a line in a transaction of its own; null if a person must decide, as remedy says. blocks: whether
-- it weakens or breaks anything; the others are the team's own objects. Locks nothing.
create or replace function history.differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text, blocks boolean)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select d.place, d.object, d.finding, coalesce(d.remedy, 'Run migrate: it makes it so.'), d.mend,
        d.mend is not null or d.place in (10, 20, 40, 90, 92, 95, 97)
    from (
        select * from history.role_differences()
        union all select * from history.login_differences()
        union all select * from history.setting_differences()
        union all select * from history.relation_differences(target)
        union all select * from history.column_differences(target)
        union all select * from history.constraint_differences(target)
        union all select * from history.key_differences()
        union all select * from history.index_differences(target)
        union all select * from history.function_differences()
        union all select * from history.trigger_differences(target)
        union all select * from history.policy_differences(target)
        union all select * from history.grant_differences(target)
    ) d
    order by d.place, d.object, d.finding
$$;
