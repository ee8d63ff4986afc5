-- What the model sees of a conversation before a place: its newest messages, oldest first, as [role, content, parts]; at most most, of
-- characters together. Without failed and running answers, but with one that is being continued, as it is, and with what arrived of one
-- whose lease is over. Parts beyond 6 MB together are without the data of their files, and those beyond 12 MB are left out.
create or replace function history.seen_by_model(tenant uuid, conversation uuid, place bigint, most integer, characters integer)
returns jsonb
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    moment constant timestamptz := clock_timestamp();
begin
    return (
        select jsonb_agg(jsonb_build_array(measured.role, measured.content,
            case when measured.weight > 12000000 then null when measured.weight > 6000000 then history.without_data(measured.parts)
                else measured.parts end) order by measured.seq)
        from (
            select newest.*, sum(char_length(newest.content)) over behind as total,
                sum(pg_column_size(newest.parts #> '{}')) over behind as weight
            from (
                select m.seq, m.role, m.content, s.all_parts as parts
                from public.messages m
                cross join lateral history.shown_state(m.status, m.content, m.parts, m.metadata, m.lease_until, moment) s
                where m.tenant_id = tenant and m.conversation_id = conversation and m.current and m.seq < place
                    and m.role in ('user', 'assistant')
                    and (s.state in ('completed', 'incomplete', 'stopped') or s.state = 'running' and m.parts is not null)
                    and (m.content <> '' or m.parts is not null)
                order by m.seq desc limit most) newest
            window behind as (order by newest.seq desc)) measured
        where measured.total <= characters);
end $$;
