-- What the last request of a user with a key made: an answer, or a row that continue_turn stored for it. Out: null columns if none.
-- Called by take_turn and continue_turn, under the lock.
create or replace function history.made_with(tenant uuid, me uuid, key text) returns public.messages
language plpgsql stable strict set search_path = history_maintenance, pg_temp
as $$
declare
    keyed public.messages;
begin
    select m.* into keyed from public.messages m
    where m.tenant_id = tenant and m.user_id = me and m.request_key = key order by m.created_at desc limit 1;
    return keyed;
end $$;
