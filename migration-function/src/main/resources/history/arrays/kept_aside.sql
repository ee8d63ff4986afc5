-- The replaced messages of the caller's conversation that a rollback has set aside, under each id that a client may know, so that it hears
-- what became of them: as in said, at places before the first. since: its created_at. Runs as the owner. Called by claim_turn.
create or replace function history.kept_aside(conversation uuid, since timestamptz) returns history.message[]
language plpgsql stable security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
begin
    return array(
        select jsonb_populate_record(null::history.message, k.message || jsonb_build_object('id', n.id, 'seq', -k.place))
        from (
            select r.message, row_number() over (order by (r.message ->> 'created_at')::timestamptz desc) as place
            from history.replaced r
            where r.conversation_id = conversation and r.message_id <> conversation
                and r.message ->> 'tenant_id' = tenant::text and r.message ->> 'user_id' = me::text
                and (since > (r.message ->> 'conversation_since')::timestamptz + interval '1 second') is not true) k
        cross join lateral (
            select k.message ->> 'id' union select history.to_uuid(k.message #>> '{metadata,legacy,id}')::text) n(id)
        where n.id is not null);
end $$;
