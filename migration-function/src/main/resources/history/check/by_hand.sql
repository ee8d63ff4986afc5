-- The row at the end of the file by hand: the counts, and in remarks what a person should know. Called by that file.
create or replace function history.by_hand(
    out conversations bigint, out messages bigint, out quarantined bigint, out phase text, out remarks text)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    remarks := coalesce(current_setting('history.remarks', true), '');
    perform set_config('history.by_hand', '', false), set_config('history.remarks', '', false);
    phase := (select s.phase from history.state s);
    remarks := concat_ws(' ', nullif(remarks, ''), (
        select string_agg(format('%s: %s. %s', d.object, d.finding, d.remedy), ' ') from history.differences(phase) d where d.blocks));
    if phase in ('migrated', 'complete') then
        select count(*) into conversations from public.conversations;
        select count(*) into messages from public.messages;
        select count(*) into quarantined from history.quarantine;
    else
        remarks := concat_ws(' ', 'Not migrated: look at the errors above, and run the file again.', remarks);
    end if;
end $$;
