-- Undoes what expand did to the team's objects: restores the old name, policies, triggers, rights and comments. In: the result of
-- original_of. Called by roll_back, which has locked the table.
create or replace function history.restore_team(was jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    statement text;
    t jsonb;
begin
    foreach statement in array array(
        select format('drop policy if exists %I on public.conversations', w.name) from history.wanted_policies('migrated') w
        where w.relation = 'public.conversations')
    loop
        execute statement;
    end loop;
    alter table public.conversations no force row level security;
    alter table public.conversations rename to chat_sessions;
    for t in select value from jsonb_array_elements(was -> 'wrapped') loop
        perform history.redefine_trigger('public.chat_sessions', (t ->> 'name')::name, t ->> 'definition');
    end loop;
    for statement in
        select 'alter table public.chat_sessions ' || a.change
        from (values (was ->> 'forced' = 'true', 'force row level security'), (was ->> 'secured' = 'false', 'disable row level security'),
            (was ->> 'title_filled' = 'true', 'alter column title set not null'),
            (true, 'alter column title ' || coalesce('set default ' || (was ->> 'title_default'), 'drop default'))) a(applies, change)
        where a.applies
        union all select 'revoke all on public.chat_sessions from public, anon, authenticated, service_role, history_functions'
            where was ? 'acl'
        union all select value from jsonb_array_elements_text(was -> 'policies')
        union all select a.value from jsonb_array_elements_text(was -> 'altered') a
            where exists (select from pg_policy p
                where p.polrelid = 'public.chat_sessions'::regclass and starts_with(a.value, format('alter policy %I on ', p.polname)))
        union all select replace(d.value ->> 'definition', ' ON public.conversations ', ' ON public.chat_sessions ')
            from jsonb_array_elements(was -> 'triggers') d
        union all select format('alter table public.chat_sessions %s trigger %I', case d.value ->> 'enabled'
                when 'D' then 'disable' when 'A' then 'enable always' when 'R' then 'enable replica' end, d.value ->> 'name')
            from jsonb_array_elements(was -> 'triggers') d where d.value ->> 'enabled' in ('D', 'A', 'R')
        union all select value from jsonb_array_elements_text(was -> 'comments')
        union all select value from jsonb_array_elements_text(was -> 'acl')
        union all select 'revoke ' || value from jsonb_array_elements_text(was -> 'ungranted') -- what the first version remembered
    loop
        execute statement;
    end loop;
end $$;
