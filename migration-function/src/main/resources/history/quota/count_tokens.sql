-- Adds the tokens of an answer to those of its tenant's day. metadata: the end's; without usage nothing is added. Locks the day's row
-- until the end of the transaction, last of all. Runs as the owner, so that callers can add and never take away. Called at the end of an
-- attempt, once.
create or replace function history.count_tokens(metadata jsonb) returns void
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    today constant date := (clock_timestamp() at time zone 'UTC')::date;
    tenant uuid;
    turn record;
    added bigint;
begin
    turn := history.turn_of(metadata);
    added := turn.input_tokens::bigint + turn.output_tokens;
    if turn.input_tokens is null or turn.output_tokens is null or added = 0 then
        return;
    end if;
    tenant := history.current_tenant();
    insert into history.spent_tokens (tenant_id, day, tokens) values (tenant, today, 0) on conflict do nothing;
    if found then -- the day begins
        delete from history.spent_tokens s where s.tenant_id = tenant and s.day < today;
    end if;
    update history.spent_tokens s set tokens = s.tokens + added where s.tenant_id = tenant and s.day = today;
end $$;
