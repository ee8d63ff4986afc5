-- Counts a turn of the caller, unless a limit is reached: then raises PT429, with the header fields for the response, as JSON, in the
-- message's second line. limits: those of the functions, {limit_turns_per_minute, limit_tokens_per_day}; the tenant's settings go
-- first. Out: the header fields, by their names (draft-ietf-httpapi-ratelimit-headers); null without a limit. Locks the user's row of
-- granted_turns until the end of the transaction. Runs as the owner, so that callers cannot reset what is counted. Called by claim_turn
-- and what it calls, under the conversation's lock, when nothing else refuses the turn.
create or replace function history.grant_turn(limits jsonb) returns jsonb
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    settings constant jsonb := (select to_jsonb(t) -> 'settings' from public.tenants t where t.id = tenant);
    turns constant integer := history.limit_in('limit_turns_per_minute', settings, limits);
    tokens constant integer := history.limit_in('limit_tokens_per_day', settings, limits);
    recent record;
    counted timestamptz[];
    moment timestamptz := clock_timestamp();
    is_full boolean := false;
    today date;
    spent bigint;
    is_spent boolean := false;
    turn_wait numeric; -- in seconds, until there is more
    day_wait numeric;
    headers jsonb;
begin
    if turns is null and tokens is null then
        return null;
    end if;
    if turns is not null then
        recent := history.recent_turns(tenant, me);
        moment := recent.moment;
        counted := recent.moments;
        is_full := cardinality(counted) >= turns;
    end if;
    if tokens is not null then
        today := (moment at time zone 'UTC')::date;
        spent := coalesce((select s.tokens from history.spent_tokens s where s.tenant_id = tenant and s.day = today), 0);
        is_spent := spent >= tokens;
        day_wait := ceil(extract(epoch from (today + 1)::timestamp at time zone 'UTC' - moment));
    end if;
    if turns is not null and not is_full and not is_spent then
        counted := counted || moment;
        update history.granted_turns g set moments = counted where g.tenant_id = tenant and g.user_id = me;
    end if;
    turn_wait := case when turns is not null then
        coalesce(ceil(60 + extract(epoch from counted[greatest(cardinality(counted) - turns + 1, 1)] - moment)), 0) end;
    headers := jsonb_build_object(
        'ratelimit-policy', concat_ws(', ', '"turns";q=' || turns || ';w=60', '"tokens";q=' || tokens || ';w=86400;qu="tokens"'),
        'ratelimit', concat_ws(', ', '"turns";r=' || greatest(turns - cardinality(counted), 0) || ';t=' || turn_wait,
            '"tokens";r=' || greatest(tokens - spent, 0) || ';t=' || day_wait));
    if is_full or is_spent then
        raise exception using errcode = 'PT429', message = format(E'Limit reached: %s. Nothing was stored.\n%s',
            concat_ws(', and ', case when is_full then case turns when 1 then 'one turn' else turns || ' turns' end || ' a minute' end,
                case when is_spent then format('%s tokens a day (UTC) for your tenant', tokens) end),
            headers || jsonb_build_object('retry-after', greatest(case when is_full then turn_wait end, case when is_spent then day_wait end, 1)));
    end if;
    return headers;
end $$;
