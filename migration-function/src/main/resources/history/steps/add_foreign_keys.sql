-- Foreign keys, not yet validated.
create or replace function history.add_foreign_keys() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from pg_catalog.pg_constraint where conrelid = 'public.messages'::regclass and contype = 'f') then
        alter table public.messages add constraint messages_conversation_fkey
            foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id)
            on delete cascade not valid;
    end if;
    if not exists (select from pg_catalog.pg_constraint where conrelid = 'history.quarantine'::regclass and contype = 'f') then
        alter table history.quarantine add constraint quarantine_conversation_fkey
            foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id)
            on delete cascade not valid;
    end if;
end $$;
