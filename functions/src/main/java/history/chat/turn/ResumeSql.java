package history.chat.turn;

/** The round trips of somebody who comes back to an answer that is still being made. */
final class ResumeSql {
    private static final String COLUMNS = """
            c.id as conversation_id, c.title,
            q.id as q_id, c.id as q_conversation_id, q.seq as q_seq, q.role as q_role, q.content as q_content,
            q.metadata as q_metadata, q.created_at as q_created_at,
            a.id as a_id, c.id as a_conversation_id, a.seq as a_seq, a.role as a_role, a.content as a_content,
            a.metadata as a_metadata, a.created_at as a_created_at,
            coalesce((a.metadata #>> '{attempt,until}')::timestamptz > clock_timestamp(), false) as running
            """;

    /** Only the last few can still be running: an older one would be dead by now. */
    static final String RUNNING = """
            with c as (
              select c.id, c.tenant_id, c.title
              from public.conversations c
              where %s and c.id in (?::uuid, history.derived_id('chat', ?::text)))
            select %s
            from c
            cross join lateral (
              select m.* from public.messages m
              where m.tenant_id = c.tenant_id and m.conversation_id = c.id
              order by m.seq desc limit 20) a
            join public.messages q on q.tenant_id = c.tenant_id and q.conversation_id = c.id
              and q.id = (a.metadata ->> 'reply_to')::uuid
            where a.role = 'assistant' and (a.metadata #>> '{attempt,until}')::timestamptz > clock_timestamp()
            order by a.seq desc limit 1
            """.formatted(BatchSql.OWN, COLUMNS);

    static final String PROGRESS = """
            select %s
            from public.conversations c
            join public.messages a on a.tenant_id = c.tenant_id and a.conversation_id = c.id
            join public.messages q on q.tenant_id = c.tenant_id and q.conversation_id = c.id
            where %s and c.id = ?::uuid and a.id = ?::uuid and q.id = ?::uuid
            """.formatted(COLUMNS, BatchSql.OWN);

    private ResumeSql() {}
}
