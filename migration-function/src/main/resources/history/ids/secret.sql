-- The secret in derived ids, so that nobody can compute the id for somebody else's key. Created once and never changed: a dump must
-- contain it. Only the owner may read it; derived_id runs as the owner.
-- older: whether ids had been derived before there was a secret.
create table if not exists history.secret (
    only_row boolean primary key default true check (only_row),
    value bytea not null, older boolean not null);
revoke all on history.secret from public, anon, authenticated, service_role;
insert into history.secret (value, older)
values (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), to_regprocedure('history.derived_id(text, text)') is not null)
on conflict do nothing;
