-- As rows/seen_by_model, of the messages in an array.
create or replace function history.seen_in_array(said history.message[], place bigint, most integer, characters integer) returns jsonb
language sql immutable
begin atomic
    select jsonb_agg(jsonb_build_array(measured.role, measured.content, measured.parts) order by measured.seq)
    from (
        select newest.*, sum(char_length(newest.content)) over (order by newest.seq desc) as total
        from (
            select s.seq, s.role, s.content, history.parts_of(s.metadata) as parts from unnest(said) s
            where s.seq < place and s.role in ('user', 'assistant') and (s.content <> '' or s.metadata ? 'ui_parts')
            order by s.seq desc limit most) newest) measured
    where measured.total <= characters;
end;
