package history.chat.turn;

/**
 * The round trip before the model is called, a batch of five statements.
 *
 * <p>Whoever wants a turn of a conversation first locks it; the statement that decides then sees all that those before it
 * did. Nothing here does anything the second time it is run for the same attempt.
 */
final class ClaimSql {
    private static final String CREATE = """
            insert into public.conversations (id, tenant_id, user_id, last_seq, message_count)
            select new.id, history.current_tenant(), history.user_id(), 0, 0
            from (select %s as id) new
            where new.id is not null and not exists (select from public.conversations c where c.id = new.id)
            on conflict (id) do nothing;
            """.formatted(BatchSql.CURRENT);

    /** The one question and the one answer that are meant, and what is to be done with them. */
    private static final String DECIDE = """
            with input as (
              select ?::text as trigger, ?::text as client_id, ?::uuid as row_id, ?::text as key, ?::text as hash, ?::uuid as new_id,
                     ?::text as content, coalesce(?::jsonb, '{}') as metadata, ?::uuid as attempt,
                     clock_timestamp() + ?::bigint * interval '1 ms' as until, ?::bigint as messages, ?::bigint as characters),
            c as (select c.id, c.tenant_id, c.user_id, c.title from public.conversations c where %s and c.id = %s),
            p as materialized (
              select m.id, m.seq, m.role, m.content, m.metadata, m.created_at
              from c cross join lateral history.pending_messages(c.tenant_id, c.id) m),
            recent as materialized (
              select m.id, m.seq, m.role, m.metadata from c cross join lateral %s m order by m.seq desc limit 10),
            last as (select recent.seq, recent.metadata from recent order by recent.seq desc limit 1),
            named as (
              select input.*, c.id as conversation_id, c.tenant_id, c.user_id, c.title,
                     coalesce(
                       (select row.id from %s row where row.role = 'user'),
                       (select recent.id from recent where recent.role = 'user' and recent.metadata #>> '{legacy,id}' = own.id::text),
                       own.id) as question_id,
                     case when key is not null then history.derived_id('answer-of-key', key) end as keyed_id
              from input cross join c cross join lateral (select
                case when client_id is not null then history.derived_id('message', c.id || ' ' || client_id)
                     when content is null then (
                       select recent.id from recent where recent.role = 'user' order by recent.seq desc limit 1)
                     when key is not null then history.derived_id('message-of-key', key)
                     else new_id end as id) own),
            q as (
              select row.* from named join c on true cross join lateral %s row where row.role = 'user'),
            a as (
              select next.id, next.seq, next.role, next.content, next.metadata, next.created_at,
                     coalesce(next.metadata ->> 'status', 'completed') as status, next.metadata #>> '{attempt,id}' as attempt,
                     (next.metadata #>> '{attempt,until}')::timestamptz > clock_timestamp() as running
              from c cross join q cross join lateral (select m.* from %s m order by m.seq limit 1) next
              where next.role = 'assistant'),
            keyed as (
              select coalesce(keyed.metadata, last.metadata) #>> array['requests', named.key] as hash
              from named
              left join public.messages keyed on keyed.tenant_id = named.tenant_id and keyed.id = named.keyed_id
              left join last on true),
            decided as (
              select named.*, q.seq as q_seq, a.id as a_id, coalesce(a.status = 'completed' and a.content <> '', false) as has_answer,
                     q.content is distinct from named.content and named.content is not null as changes,
                     case
                       when keyed.hash <> named.hash then 'other request'
                       when q.id is null then case when named.content is null then 'nothing' else 'new' end
                       when a.attempt = named.attempt::text then 'granted'
                       when a.running then 'busy'
                       when a.status = 'completed' and keyed.hash is not null then 'answered'
                       when named.trigger = 'SUBMIT' and q.content = named.content and a.status = 'completed' then 'answered'
                       when named.trigger = 'SUBMIT' and q.content = named.content and a.id is not null then 'again'
                       when last.seq > coalesce(a.seq, q.seq) then 'not last'
                       else 'again'
                     end as what
              from named left join keyed on true left join q on true left join a on true left join last on true),
            """.formatted(
                    BatchSql.OWN,
                    BatchSql.CURRENT,
                    BatchSql.rows("true", "desc limit 10"),
                    BatchSql.row("row_id"),
                    BatchSql.row("named.question_id"),
                    BatchSql.rows("m.seq > q.seq", "limit 1"));

    /**
     * What is written: two new rows, or an answer's row that an earlier attempt left. An answer that is complete stays until
     * the next one is; whatever is replaced is kept under {@code previous}.
     */
    private static final String WRITE = """
            marks as (
              select jsonb_build_object('id', attempt, 'until', until) as attempt,
                     case when key is not null then jsonb_build_object(key, hash) end as request
              from input),
            inserted as (
              insert into public.messages (id, tenant_id, conversation_id, user_id, role, content, metadata)
              select row.id, d.tenant_id, d.conversation_id, d.user_id, row.role, row.content, row.metadata
              from decided d cross join marks cross join lateral (values
                (1, d.question_id, 'user', d.content,
                 d.metadata || jsonb_strip_nulls(jsonb_build_object('client_id', d.client_id))),
                (2, coalesce(d.keyed_id, history.derived_id('answer', d.question_id::text)), 'assistant', '',
                 jsonb_strip_nulls(jsonb_build_object('status', 'running', 'reply_to', d.question_id, 'attempt', marks.attempt,
                                                      'requests', marks.request))))
                as row (place, id, role, content, metadata)
              where d.what = 'new' or (d.what = 'again' and d.a_id is null and row.place = 2)
              order by row.place
              returning id, seq, role, content, metadata, created_at),
            edited as (
              update public.messages m
              set content = d.content,
                  metadata = m.metadata || jsonb_build_object('previous', coalesce(m.metadata -> 'previous', '[]')
                    || jsonb_build_object('content', m.content, 'replaced_at', clock_timestamp()))
              from decided d
              where d.what = 'again' and d.changes
                and m.tenant_id = d.tenant_id and m.conversation_id = d.conversation_id and m.id = d.question_id
              returning m.id, m.seq, m.role, m.content, m.metadata, m.created_at),
            taken as (
              update public.messages m
              set content = case when d.has_answer and not d.changes then m.content else '' end,
                  metadata = case
                    when d.has_answer and not d.changes then m.metadata || jsonb_build_object('attempt', marks.attempt
                      || jsonb_strip_nulls(jsonb_build_object('request', marks.request)))
                    else m.metadata - %s || jsonb_build_object('status', 'running', 'reply_to', d.question_id,
                        'attempt', marks.attempt, 'requests', coalesce(m.metadata -> 'requests', '{}') || coalesce(marks.request, '{}'))
                      || case when m.content = '' then '{}' else %s end
                  end
              from decided d cross join marks
              where d.what = 'again'
                and m.tenant_id = d.tenant_id and m.conversation_id = d.conversation_id and m.id = d.a_id
              returning m.id, m.seq, m.role, m.content, m.metadata, m.created_at)
            """.formatted(FinishSql.RESULT_FIELDS, FinishSql.WITH_PREVIOUS);

    /** What the model may see of what was said before. */
    private static final String SEEN = """
            m.seq < coalesce(d.q_seq, 9223372036854775807) and m.content <> '' and (m.role = 'user' or m.role = 'assistant'
              and coalesce(m.metadata ->> 'status', 'completed') in ('completed', 'incomplete'))""";

    private static final String REPORT = """
            select case
                     when d.what = 'again' and (answer.place = 3 or d.changes and question.place = 3) then 'pending'
                     when d.what in ('new', 'again') then 'granted'
                     else d.what end as decision, d.title, d.conversation_id,
                   question.id as q_id, d.conversation_id as q_conversation_id, question.seq as q_seq, question.role as q_role,
                   question.content as q_content, question.metadata as q_metadata, question.created_at as q_created_at,
                   answer.id as a_id, d.conversation_id as a_conversation_id, answer.seq as a_seq, answer.role as a_role,
                   answer.content as a_content, answer.metadata as a_metadata, answer.created_at as a_created_at,
                   case when d.what in ('new', 'again', 'granted') then (
                     select jsonb_agg(jsonb_build_array(role, content) order by seq)
                     from (
                       select role, content, seq, sum(char_length(content)) over (order by seq desc) as characters
                       from (
                         select m.role, m.content, m.seq from c cross join lateral %s m
                         order by m.seq desc limit d.messages) newest) measured
                     where characters <= d.characters) end as history
            from decided d
            left join lateral (
              select 1 as place, * from inserted where role = 'user'
              union all select 2, * from edited
              union all select 3, * from q
              order by place limit 1) question on true
            left join lateral (
              select 1 as place, * from inserted where role = 'assistant'
              union all select 2, * from taken
              union all select 3, id, seq, role, content, metadata, created_at from a
              order by place limit 1) answer on true;
            """.formatted(BatchSql.rows(SEEN, "desc limit d.messages"));

    /** A conversation without a name of its own is called by its first question. */
    private static final String TITLE =
            """
            update public.conversations c
            set title = first.title
            from (
              select %s as title
              from public.messages m
              where m.tenant_id = history.current_tenant() and m.conversation_id = %s and m.role = 'user'
              order by m.seq limit 1) first
            where %s and c.id = %s and c.title = 'New Conversation' and first.title <> ''
            """.formatted(BatchSql.firstWords("m.content"), BatchSql.CURRENT, BatchSql.OWN, BatchSql.CURRENT);

    static final String BATCH = BatchSql.name("conversations")
            + CREATE
            + BatchSql.lock("conversations", BatchSql.CURRENT)
            + DECIDE
            + WRITE
            + REPORT
            + TITLE;

    private ClaimSql() {}
}
