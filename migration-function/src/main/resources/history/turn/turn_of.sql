-- The columns of a turn, from the metadata in which an earlier version, or an element of an array, stores them. Without such metadata:
-- a complete message. Called where rows are written by other means than the functions of a turn.
create or replace function history.turn_of(
    metadata jsonb, out status text, out reply_to uuid, out lease_until timestamptz, out client_id text,
    out request_key text, out request_hash text, out model text, out input_tokens integer, out output_tokens integer)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    requests constant jsonb := metadata -> 'requests';
    usage constant jsonb := metadata -> 'usage';
begin
    status := coalesce(substring(metadata ->> 'status' from '^(running|incomplete|failed|stopped)$'), 'completed');
    client_id := left(metadata #>> '{legacy,id}', 200); -- by which the element was known
    if jsonb_typeof(metadata) <> 'object' or not metadata ?| history.turn_keys() then
        return;
    end if;
    reply_to := history.to_uuid(metadata ->> 'reply_to');
    lease_until := history.element_time(metadata #> '{attempt,until}');
    client_id := coalesce(client_id, left(metadata ->> 'client_id', 200));
    model := left(metadata ->> 'model', 200);
    if jsonb_typeof(requests) = 'object' then
        select r.key, r.value into request_key, request_hash from jsonb_each_text(requests) r where octet_length(r.key) <= 255 limit 1;
    end if;
    if jsonb_typeof(usage -> 'input_tokens') = 'number' and jsonb_typeof(usage -> 'output_tokens') = 'number' then
        input_tokens := greatest(0, least((usage ->> 'input_tokens')::numeric, 2147483647))::integer;
        output_tokens := greatest(0, least((usage ->> 'output_tokens')::numeric, 2147483647))::integer;
    end if;
end $$;
