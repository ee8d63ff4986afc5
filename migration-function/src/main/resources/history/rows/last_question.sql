-- The last question before a place that is shown. Out: null columns if there is none. Called by question_known and question_asked.
create or replace function history.last_question(tenant uuid, conversation uuid, before bigint default 9223372036854775807)
returns public.messages
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    q public.messages;
begin
    select m.* into q from public.messages m
    where m.tenant_id = tenant and m.conversation_id = conversation and m.current and m.role = 'user' and m.seq < before
    order by m.seq desc limit 1;
    return q;
end $$;
