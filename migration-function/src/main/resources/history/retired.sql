-- Functions of the first version that nothing calls any more, and signatures that have been extended since.
drop function if exists history.grant_access(), history.protect(regclass, text, text), history.attach_counters(text),
    history.add_foreign_keys(), history.add_not_null(), history.validate(), history.set_not_null(), history.force(), history.complete(),
    history.is_large(uuid, bigint, bigint, bigint), history.converted_to(uuid), history.define_pending(boolean),
    history.release_quarantine(),
    history.remember_definitions(text[]), history.function_differences(text), history.taken_over(public.conversations),
    history.list_conversations(boolean, timestamptz, uuid, integer), history.delete_conversation(uuid, bigint[]),
    history.patch_conversation(uuid, text, boolean, jsonb, bigint[], integer),
    history.get_conversation(uuid, text, bigint, integer, bigint), history.page_ids(boolean, boolean[], timestamptz, uuid, integer),
    history.convert(uuid[]), history.excess(jsonb, integer), history.with_step(jsonb, text),
    history.shown_state(text, text, jsonb, timestamptz, timestamptz);
do $$
declare
    old regprocedure;
begin
    for old in
        select p.oid from pg_catalog.pg_proc p
        join (values ('backfill_batch', 'yields_to'), ('messages_between', 'replaced'), ('claim_turn', 'ui_parts'), ('take_turn', 'limits'),
            ('continue_turn', 'key'), ('question_in_array', 'key'), ('keep_deletion', 'messages'), ('rewrite', 'api')) n(name, argument) on n.name = p.proname and not n.argument = any (p.proargnames)
        where p.pronamespace = 'history'::regnamespace
    loop
        execute pg_catalog.format('drop function %s', old);
    end loop;
end $$;
-- Anything else is defined again, and recorded.
delete from history.definition d
where d.name not in (select p.oid::pg_catalog.regprocedure::text from pg_catalog.pg_proc p where p.pronamespace = 'history'::regnamespace);
