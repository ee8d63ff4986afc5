-- What the model is shown of a conversation before a place: its newest messages, oldest first, as pairs of role and content. most: how
-- many at most; characters: of how many together. Answers that have failed or are being made are none. Called by take_turn.
create or replace function history.seen_by_model(tenant uuid, conversation uuid, place bigint, most integer, characters integer)
returns jsonb
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    return (
        select jsonb_agg(jsonb_build_array(measured.role, measured.content) order by measured.seq)
        from (
            select newest.*, sum(char_length(newest.content)) over (order by newest.seq desc) as total
            from (
                select m.seq, m.role, m.content from public.messages m
                where m.tenant_id = tenant and m.conversation_id = conversation and m.current and m.seq < place
                    and m.role in ('user', 'assistant') and m.status in ('completed', 'incomplete', 'stopped') and m.content <> ''
                order by m.seq desc limit most) newest) measured
        where measured.total <= characters);
end $$;
