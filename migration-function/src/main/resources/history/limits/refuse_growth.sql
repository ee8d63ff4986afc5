-- Refuses an array that has grown larger than a dump and its readers can hold: one stored byte may be seven bytes of output. An array
-- that was larger before may shrink. Called where rows become an array, whoever wrote them.
create or replace function history.refuse_growth(tenant uuid, conversation uuid, elements jsonb) returns void
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    if pg_column_size(elements) > 104857600 and pg_column_size(elements) > coalesce((
        select pg_column_size(c.messages #> '{}') from public.conversations c where c.tenant_id = tenant and c.id = conversation), 0)
    then
        raise program_limit_exceeded using message = 'The conversation is full: its array may have at most 100 MB.';
    end if;
end $$;
