-- What a team may have made of chat_sessions: triggers of every kind, policies, rights, comments, statistics, publications.
do $$ begin
    if to_regrole('analyst') is null then create role analyst; end if;
    if to_regrole('auditor') is null then create role auditor; end if;
end $$;
grant usage on schema public to analyst, auditor;

create table audit (id serial, what text, conversation uuid);
grant select, insert on audit to authenticated, service_role, owner_plain;
grant usage on sequence audit_id_seq to authenticated, service_role, owner_plain;
create function audit_row() returns trigger language plpgsql set search_path = public
    as $$ begin insert into audit (what, conversation) values (tg_name, new.id); return new; end $$;
create function audit_rows() returns trigger language plpgsql set search_path = public
    as $$ begin insert into audit (what, conversation) select tg_name, id from changed; return null; end $$;
create function mark() returns trigger language plpgsql set search_path = public
    as $$ begin new.metadata = coalesce(new.metadata, '{}') || '{"marked": true}'; return new; end $$;
create trigger a_mark before update on chat_sessions for each row execute function mark();
create trigger each_row after insert or update on chat_sessions for each row execute function audit_row();
create trigger always after update of messages, title on chat_sessions for each row execute function audit_row();
create trigger disabled after update on chat_sessions for each row execute function audit_row();
create trigger with_condition after update on chat_sessions for each row
    when (old.title is distinct from new.title) execute function audit_row(' EXECUTE FUNCTION ', 'it''s');
create trigger statement after update on chat_sessions referencing new table as changed
    for each statement execute function audit_rows();
create constraint trigger at_the_end after update on chat_sessions deferrable initially deferred
    for each row execute function audit_row();
alter table chat_sessions enable always trigger always;
alter table chat_sessions disable trigger disabled;
alter trigger set_chat_sessions_updated_at on chat_sessions rename to freshness;
alter table chat_sessions disable trigger freshness;
comment on trigger freshness on chat_sessions is 'disabled by us';
comment on trigger at_the_end on chat_sessions is 'deferred';

create policy second_factor on chat_sessions as restrictive to authenticated
    using (coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'aal', '') <> 'aal1');
create policy nothing_hidden on chat_sessions as restrictive for select using (title is distinct from 'hidden');
create policy known_tenants on chat_sessions as restrictive for all
    using (exists (select from knowledge_base k where k.title = 'all' or k.id = chat_sessions.tenant_id)) with check (true);
create policy analysts on chat_sessions for select to analyst using (title <> 'Private');
comment on policy second_factor on chat_sessions is 'as the auditors want it';
comment on policy "Users can view own sessions" on chat_sessions is 'from the beginning';
insert into knowledge_base (title) values ('all');

grant select on chat_sessions to analyst with grant option;
grant select on knowledge_base to analyst;
grant select (id, title), update (title) on chat_sessions to auditor;
grant truncate, select (title) on chat_sessions to anon;

comment on table chat_sessions is 'what people said';
comment on column chat_sessions.title is 'made by the application';
alter table chat_sessions replica identity full;
alter table chat_sessions set (fillfactor = 80);
alter table chat_sessions alter title set default 'Untitled', alter title set statistics 50, alter tenant_id set (n_distinct = 7);
create statistics of_chat_sessions on tenant_id, user_id from chat_sessions;
create index of_title on chat_sessions (lower(title));
create publication of_all for table chat_sessions;
create publication of_some for table chat_sessions where (title <> 'Private');
