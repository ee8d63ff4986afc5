-- conversations, before a client under policies writes: refuses new values that would break a list for its readers.
create or replace function history.conversation_limited() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    earliest constant timestamptz := '2000-01-01 00:00:00+00';
    latest constant timestamptz := '2100-01-01 00:00:00+00';
    words text := case
        when new.created_at is distinct from old.created_at and (new.created_at < earliest or new.created_at >= latest)
            or new.updated_at is distinct from old.updated_at and (new.updated_at < earliest or new.updated_at >= latest)
            then 'created_at and updated_at must be times of the years 2000 to 2099.'
        when new.request_hash is distinct from old.request_hash and octet_length(new.request_hash) > 200
            then 'request_hash is too long; at most 200 bytes.'
        when new.labels is distinct from old.labels and (cardinality(new.labels) > 20 or exists (
            select from unnest(new.labels) l where char_length(l) > 50 or l ~ history.unseen()))
            then 'labels must be at most 20, each of 1 to 50 characters.'
        when new.metadata is distinct from old.metadata then history.excess(new.metadata, 65536) end;
begin
    if words is not null then
        raise invalid_parameter_value using message = words, schema = tg_table_schema, table = tg_table_name;
    end if;
    return new;
end $$;
