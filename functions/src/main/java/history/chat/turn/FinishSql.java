package history.chat.turn;

/** The round trip after the model has been called, and those in which the answer is kept as it grows. */
final class FinishSql {
    /** What one attempt leaves in an answer's metadata, and the next one takes away. */
    static final String RESULT_FIELDS =
            "'{status,reason,model,usage,finish_reason,completed_at,attempt,attempt_id,failure}'::text[]";

    /** The row as it is, put at the end of its own earlier versions. */
    static final String WITH_PREVIOUS = """
            jsonb_build_object('previous', coalesce(m.metadata -> 'previous', '[]')
              || (m.metadata - '{previous,attempt,requests,reply_to,failure,legacy}'::text[]
                  || case when m.metadata ->> 'status' = 'running' then '{"status": "incomplete"}' else '{}' end::jsonb
                  || jsonb_build_object('content', m.content, 'created_at', m.created_at)))
            """;

    private static final String LOCK = BatchSql.lock("conversations", "?::uuid");

    /** A row that has an answer keeps it until the new one is complete: the new one grows in the metadata. */
    static final String FLUSH = LOCK + """
            update public.messages m
            set content = case when m.metadata ->> 'status' = 'running' then ? else m.content end,
                metadata = case when m.metadata ->> 'status' = 'running' then m.metadata
                                else jsonb_set(m.metadata, '{attempt,text}', to_jsonb(?::text)) end
            where m.tenant_id = history.current_tenant() and m.user_id = history.user_id()
              and m.conversation_id = ?::uuid and m.id = ?::uuid and m.metadata #>> '{attempt,id}' = ?
            """;

    static final String FINISH = LOCK + """
            with input as (
              select ?::uuid as conversation_id, ?::uuid as id, ?::text as attempt, ?::text as status, ?::text as content,
                     ?::jsonb as metadata),
            written as (
              update public.messages m
              set content = case
                    when m.metadata ->> 'status' = 'running' or input.status = 'completed' then input.content
                    else m.content end,
                  metadata = case
                    when m.metadata ->> 'status' = 'running' then m.metadata - %s || input.metadata
                    when input.status = 'completed' then m.metadata - %s || input.metadata || %s
                      || jsonb_build_object('requests',
                           coalesce(m.metadata -> 'requests', '{}') || coalesce(m.metadata #> '{attempt,request}', '{}'))
                    else m.metadata - 'attempt' || jsonb_build_object('failure', input.metadata)
                      || case when input.content = '' then '{}' else jsonb_build_object('previous',
                           coalesce(m.metadata -> 'previous', '[]')
                           || (input.metadata || jsonb_build_object('content', input.content))) end
                    end
              from input
              where m.tenant_id = history.current_tenant() and m.user_id = history.user_id()
                and m.conversation_id = input.conversation_id and m.id = input.id
                and m.metadata #>> '{attempt,id}' = input.attempt
              returning m.id, m.seq, m.role, m.content, m.metadata, m.created_at),
            stored as (
              select true as ours, * from written
              union all
              select coalesce(m.metadata ->> 'attempt_id' = input.attempt, false),
                     m.id, m.seq, m.role, m.content, m.metadata, m.created_at
              from input join public.messages m
                on m.tenant_id = history.current_tenant() and m.conversation_id = input.conversation_id and m.id = input.id
              where not exists (select from written))
            select stored.ours, c.title, stored.id as a_id, input.conversation_id as a_conversation_id, stored.seq as a_seq,
                   stored.role as a_role, stored.content as a_content, stored.metadata as a_metadata,
                   stored.created_at as a_created_at
            from stored cross join input join public.conversations c
              on c.tenant_id = history.current_tenant() and c.id = input.conversation_id
            """.formatted(RESULT_FIELDS, RESULT_FIELDS, WITH_PREVIOUS);

    private FinishSql() {}
}
