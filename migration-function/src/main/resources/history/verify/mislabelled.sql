-- The conversations whose labels are not as lists by label have them, because triggers were off when somebody wrote; there must be none.
create or replace function history.mislabelled() returns uuid[]
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    return array(
        with wanted as (
            select c.tenant_id, c.user_id, l.label, c.archived, coalesce(c.last_message_at, c.created_at, '-infinity') as place, c.id
            from public.conversations c cross join unnest(c.labels) l(label)
            where c.labels <> '{}' and l.label is not null
        ), listed as (
            select l.tenant_id, l.user_id, l.label, l.archived, l.place, l.conversation_id as id from history.labelled l
        )
        select distinct d.id
        from ((table wanted except table listed) union all (table listed except table wanted)) d
        order by d.id);
end $$;
