-- messages, before insert or update by a client under policies: refuses what would not fit into a page. Checks only what the statement
-- changes. Answers of the API, and what it keeps in their metadata, have higher limits.
create or replace function history.message_limited() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    of_the_api constant text[] := '{legacy,previous,attempt,failure,requests}';
    attempted constant boolean := new.role = 'assistant' and (new.metadata ? 'attempt' or old.metadata ? 'attempt') is true;
    most integer := case when attempted then 5242880 else 1048576 end;
    words text := case
        when new.created_at is distinct from old.created_at
            and (new.created_at < '2000-01-01 00:00:00+00' or new.created_at >= '2100-01-01 00:00:00+00')
            then 'created_at must be a time of the years 2000 to 2099.'
        when new.content is distinct from old.content and octet_length(new.content) > most
            then format('content has %s bytes; at most %s.', octet_length(new.content), most)
        when new.metadata is not distinct from old.metadata then null
        when new.metadata ?| of_the_api then coalesce(
            history.excess(new.metadata - 'legacy', 16777216), history.excess(new.metadata - of_the_api, 65536))
        else history.excess(new.metadata, 65536) end;
begin
    if words is not null then
        raise invalid_parameter_value using message = words, schema = tg_table_schema, table = tg_table_name;
    end if;
    return new;
end $$;
