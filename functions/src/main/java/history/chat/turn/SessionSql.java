package history.chat.turn;

/**
 * The two round trips on {@code chat_sessions}, where a message is an element of an array: before the migration, and through
 * the view of that name for what was begun before it.
 */
final class SessionSql {
    private static final String CREATE = """
            insert into public.chat_sessions (id, tenant_id, user_id, title, messages, metadata)
            select new.id, history.current_tenant(), history.user_id(), 'New Conversation', '[]', '{}'
            from (select %s as id) new
            where new.id is not null and not exists (select from public.chat_sessions c where c.id = new.id)
            on conflict (id) do nothing;
            """.formatted(BatchSql.CURRENT);

    private static final String DECIDE = """
            with input as (
              select ?::text as trigger, ?::text as client_id, ?::uuid as row_id, ?::text as key, ?::text as hash, ?::uuid as new_id,
                     ?::text as content, ?::uuid as attempt, clock_timestamp() + ?::bigint * interval '1 ms' as until,
                     ?::bigint as messages, ?::bigint as characters),
            c as (
              select c.id, c.tenant_id, c.user_id, coalesce(nullif(btrim(c.title), ''), 'New Conversation') as title,
                     history.list_of(c.messages) as elements, coalesce(c.created_at, c.updated_at, now()) as created_at
              from public.chat_sessions c where %s and c.id = %s),
            m as materialized (
              select e.seq, coalesce(history.to_uuid(e.metadata #>> '{legacy,id}'), e.id) as id, e.id as row_id, e.role, e.content,
                     e.metadata - 'legacy' as metadata, e.created_at
              from c cross join lateral history.elements(c.elements, c.id, c.created_at) e
              where e.reason is null),
            named as (
              select input.*, c.id as conversation_id, c.user_id, c.title,
                     case when client_id is not null then history.derived_id('message', c.id || ' ' || client_id)
                          when key is not null then history.derived_id('message-of-key', key)
                          else new_id end as question_id
              from input cross join c),
            q as (
              select m.* from named join m on m.role = 'user' and (m.id = named.question_id or named.row_id in (m.id, m.row_id))
              order by m.seq desc limit 1),
            a as (
              select next.* from q cross join lateral (
                select m.* from m where m.seq > q.seq order by m.seq limit 1) next where next.role = 'assistant'),
            decided as (
              select named.*, q.seq as q_seq, coalesce(q.id, named.question_id) as q_id,
                     (select coalesce(max(m.seq), 0) from m) as last_seq, (select count(*) from m) as visible,
                     case
                       when q.metadata #>> array['requests', named.key] <> named.hash then 'other request'
                       when named.trigger <> 'SUBMIT' or q.content <> named.content then 'pending'
                       when q.seq is null then 'new'
                       when a.seq is not null then 'answered'
                       when q.metadata #>> '{attempt,id}' = named.attempt::text then 'granted'
                       when (q.metadata #>> '{attempt,until}')::timestamptz > clock_timestamp() then 'busy'
                       when q.seq < (select max(m.seq) from m) then 'pending'
                       else 'again'
                     end as what
              from named left join q on true left join a on true),
            marked as (
              select d.*, coalesce((select q.metadata from q), '{}') || jsonb_strip_nulls(jsonb_build_object(
                       'client_id', d.client_id, 'attempt', jsonb_build_object('id', d.attempt, 'until', d.until),
                       'requests', case when d.key is not null then jsonb_build_object(d.key, d.hash) end)) as q_metadata
              from decided d),
            written as (
              update public.chat_sessions c
              set messages = history.wrapped(c.messages, case d.what
                    when 'new' then history.list_of(c.messages) || jsonb_build_object('id', d.q_id, 'content', d.content, 'role', 'user',
                      'timestamp', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                      'sessionId', c.id, 'userId', d.user_id, 'metadata', d.q_metadata)
                    else jsonb_set(history.list_of(c.messages), array[(d.q_seq - 1)::text, 'metadata'], d.q_metadata) end),
                  title = case when d.title <> 'New Conversation' then c.title
                    else coalesce((select %s from m where m.role = 'user' and m.content ~ '\\S' order by m.seq limit 1), %s) end
              from marked d
              where %s and c.id = d.conversation_id and d.what in ('new', 'again')
              returning c.id)
            select case when d.what in ('new', 'again') then 'granted' else d.what end as decision, d.title, d.conversation_id,
                   d.q_id, d.conversation_id as q_conversation_id, coalesce(q.seq, d.last_seq + 1) as q_seq, 'user' as q_role,
                   coalesce(q.content, d.content) as q_content, d.q_metadata - 'attempt' as q_metadata,
                   coalesce(q.created_at, clock_timestamp()) as q_created_at,
                   coalesce(a.id, history.derived_id('answer', d.q_id::text)) as a_id, d.conversation_id as a_conversation_id,
                   coalesce(a.seq, q.seq + 1, d.last_seq + 2) as a_seq, 'assistant' as a_role, coalesce(a.content, '') as a_content,
                   coalesce(a.metadata, '{}') as a_metadata, coalesce(a.created_at, clock_timestamp()) as a_created_at,
                   case when d.what in ('new', 'again', 'granted') then (
                     select jsonb_agg(jsonb_build_array(role, content) order by seq)
                     from (
                       select role, content, seq, sum(char_length(content)) over (order by seq desc) as characters
                       from (
                         select m.role, m.content, m.seq from m
                         where m.seq < coalesce(d.q_seq, 9223372036854775807) and m.role in ('user', 'assistant') and m.content <> ''
                         order by m.seq desc limit d.messages) newest) measured
                     where characters <= d.characters) end as history
            from marked d left join written on true left join q on true left join a on true
            """.formatted(
                    BatchSql.OWN,
                    BatchSql.CURRENT,
                    BatchSql.firstWords("m.content"),
                    BatchSql.firstWords("d.content"),
                    BatchSql.OWN);

    static final String CLAIM =
            BatchSql.name("chat_sessions") + CREATE + BatchSql.lock("chat_sessions", BatchSql.CURRENT) + DECIDE;

    /**
     * A complete answer is put behind its question, or in its place where the tables had one for it before they were rolled
     * back; of one that failed the question tells.
     */
    static final String FINISH = BatchSql.lock("chat_sessions", "?::uuid") + """
            with input as (
              select ?::uuid as conversation_id, ?::uuid as question_id, ?::uuid as id, ?::text as status, ?::text as content,
                     ?::jsonb as metadata),
            place as (
              select min(e.i) filter (where e.value ->> 'id' = input.question_id::text) - 1 as question,
                     min(e.i) filter (where e.value ->> 'id' = input.id::text) - 1 as answer
              from input
              join public.chat_sessions c on %s and c.id = input.conversation_id
              cross join lateral jsonb_array_elements(history.list_of(c.messages)) with ordinality e (value, i)),
            element as (
              select jsonb_build_object('id', input.id, 'content', input.content, 'role', 'assistant',
                       'timestamp', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                       'sessionId', input.conversation_id, 'userId', history.user_id(),
                       'metadata', input.metadata || jsonb_build_object('reply_to', input.question_id)) as value
              from input)
            update public.chat_sessions c
            set messages = history.wrapped(c.messages, case
                  when place.answer is not null then jsonb_set(history.list_of(c.messages), array[place.answer::text], element.value)
                  when input.status = 'completed' and place.question is null then history.list_of(c.messages) || element.value
                  when input.status = 'completed' then
                    jsonb_insert(history.list_of(c.messages), array[place.question::text], element.value, true)
                    #- array[place.question::text, 'metadata', 'attempt']
                  when place.question is null then history.list_of(c.messages)
                  else jsonb_set(history.list_of(c.messages) #- array[place.question::text, 'metadata', 'attempt'],
                         array[place.question::text, 'metadata', 'failure'],
                         input.metadata || jsonb_build_object('content', input.content)) end)
            from input cross join place cross join element
            where %s and c.id = input.conversation_id
            returning true as ours, coalesce(nullif(btrim(c.title), ''), 'New Conversation') as title,
              input.id as a_id, c.id as a_conversation_id, input.content as a_content,
              element.value -> 'metadata' as a_metadata, clock_timestamp() as a_created_at
            """.formatted(BatchSql.OWN, BatchSql.OWN);

    private SessionSql() {}
}
