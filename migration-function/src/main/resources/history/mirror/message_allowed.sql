-- messages, before insert of a row that message_inserted marked because the conversation is not the user's own. Runs as the caller:
-- the policies decide who may write there. Nobody else learns whether the conversation exists, or waits for its lock.
create or replace function history.message_allowed() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    conversation record;
begin
    select c.tenant_id, c.user_id into conversation from public.conversations c
    where c.id = new.conversation_id and (new.tenant_id is null or c.tenant_id = new.tenant_id)
    for no key update;
    if not found and row_security_active(tg_relid) and current_user <> 'service_role' then
        raise insufficient_privilege using message = 'new row violates row-level security policy for table "messages"',
            schema = tg_table_schema, table = tg_table_name;
    elsif not found then
        raise foreign_key_violation using message = 'The conversation of this message does not exist.',
            schema = tg_table_schema, table = tg_table_name, column = 'conversation_id';
    elsif new.user_id <> conversation.user_id then
        raise check_violation using message = 'A message belongs to the user of its conversation.',
            schema = tg_table_schema, table = tg_table_name, column = 'user_id';
    end if;
    new.tenant_id := conversation.tenant_id;
    new.user_id := conversation.user_id;
    return new;
end $$;
