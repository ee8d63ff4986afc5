-- Functions of earlier versions that nothing calls any more.
drop function if exists history.grant_access();
drop function if exists history.protect(regclass, text, text);
drop function if exists history.attach_counters(text);
drop function if exists history.add_foreign_keys();
drop function if exists history.add_not_null();
drop function if exists history.validate();
drop function if exists history.set_not_null();
drop function if exists history.force();
drop function if exists history.complete();
drop function if exists history.is_large(uuid, bigint, bigint, bigint);
drop function if exists history.wanted_grants(text);
-- Signatures that have been extended since.
drop function if exists history.list_conversations(boolean, timestamptz, uuid, integer);
drop function if exists history.patch_conversation(uuid, text, boolean, jsonb, bigint[], integer);
drop function if exists history.delete_conversation(uuid, bigint[]);
drop function if exists history.get_conversation(uuid, text, bigint, integer, bigint);
do $$
declare
    old regprocedure;
begin
    for old in
        select p.oid from pg_catalog.pg_proc p
        join (values ('backfill_batch', 'yields_to'), ('claim_turn', 'limits'), ('take_turn', 'limits'), ('continue_turn', 'limits'))
            n(name, argument) on n.name = p.proname and not n.argument = any (p.proargnames)
        where p.pronamespace = 'history'::regnamespace
    loop
        execute pg_catalog.format('drop function %s', old);
    end loop;
end $$;
-- Anything else is defined again, and recorded.
delete from history.definition d
where d.name not in (select p.oid::pg_catalog.regprocedure::text from pg_catalog.pg_proc p where p.pronamespace = 'history'::regnamespace);
