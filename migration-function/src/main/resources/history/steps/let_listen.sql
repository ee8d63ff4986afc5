-- Supabase Realtime: lets each user, and nobody else, listen to the user's own topic of revision_sent, whatever the team's policies
-- allow; clients may not send to it. is_wanted: false removes these policies. Returns what a person has to do if the owner may not.
-- Called by join_realtime and roll_back.
create or replace function history.let_listen(is_wanted boolean) returns text
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    own constant text := 'realtime.topic() = ''conversations:'' || history.user_id()::text';
    other constant text := 'coalesce(realtime.topic(), '''') not like ''conversations:%''';
    statement text;
begin
    if to_regclass('realtime.messages') is null or to_regprocedure('realtime.topic()') is null then
        return null;
    end if;
    foreach statement in array array[
        'drop policy if exists history_own_topic on realtime.messages',
        'drop policy if exists history_no_other_topic on realtime.messages',
        'drop policy if exists history_nothing_told on realtime.messages']
        || case when is_wanted then array[
            'create policy history_own_topic on realtime.messages for select to authenticated using (' || own || ')',
            format('create policy history_no_other_topic on realtime.messages as restrictive for select to anon, authenticated '
                'using (%s or %s)', other, own),
            format('create policy history_nothing_told on realtime.messages as restrictive for insert to anon, authenticated '
                'with check (%s)', other)] else '{}' end
    loop
        execute statement;
    end loop;
    return null;
exception when insufficient_privilege then
    return case when is_wanted then
        'users cannot listen to their own conversations yet: as the owner of realtime.messages run select history.let_listen(true)' end;
end $$;
