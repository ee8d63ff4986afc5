package history.conversation;

import static history.failure.Failure.Kind.NOT_MIGRATED;

import history.auth.Caller;
import history.db.Database;
import history.failure.Failure;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code chat_sessions} as it is before the migration, with what can be done there: list, get, create, delete and
 * a new title.
 */
record ChatSessions(Database database) implements ConversationStore {
    private static final String COLUMNS = """
            c.id, c.tenant_id, c.user_id, coalesce(nullif(btrim(c.title), ''), 'New Conversation') as title,
            coalesce(c.metadata, '{}') as metadata,
            coalesce(c.created_at, c.updated_at, to_timestamp(0)) as created_at,
            coalesce(c.updated_at, c.created_at, to_timestamp(0)) as updated_at,
            case jsonb_typeof(c.messages) when 'array' then jsonb_array_length(c.messages) else 0 end as message_count
            """;

    private static final String OWN = "c.tenant_id = history.current_tenant() and c.user_id = history.user_id()";

    private static final String VERSION_MATCHES =
            "(input.versions is null or (extract(epoch from c.updated_at) * 1000000)::bigint = any (input.versions))";

    private static final String LIST = """
            select true as allowed, c.*
            from (select %s from public.chat_sessions c where %s) c
            where ?::timestamptz is null or (c.updated_at, c.id) < (?::timestamptz, ?::uuid)
            order by c.updated_at desc, c.id desc
            limit ?
            """.formatted(COLUMNS, OWN);

    private static final String CREATE = """
            with input as (select ?::uuid as id, ?::text as key, ?::text as title, ?::jsonb as metadata),
            draft as (
              select case when key is null then id else history.derived_id('conversation', key) end as id from input),
            created as (
              insert into public.chat_sessions as c (id, tenant_id, user_id, title, metadata, messages)
              select draft.id, history.current_tenant(), history.user_id(),
                     coalesce(input.title, 'New Conversation'), coalesce(input.metadata, '{}'), '[]'
              from draft, input
              on conflict (id) do nothing
              returning %s)
            select created.*, false as replayed, true as same_request from created
            union all
            select %s, true, true
            from draft join public.chat_sessions c on c.id = draft.id
            where %s and not exists (select from created)
            """.formatted(COLUMNS, COLUMNS, OWN);

    private static final String GET = """
            with c as (
              select %s, m.*
              from public.chat_sessions c
              left join lateral (
                select e.id as m_id, c.id as m_conversation_id, e.seq as m_seq, e.role as m_role, e.content as m_content,
                       e.metadata as m_metadata, e.created_at as m_created_at
                from history.elements(c.messages, c.id, coalesce(c.created_at, c.updated_at, now())) e
                where e.reason is null and e.seq < ?
                order by e.seq desc
                limit ?) m on true
              where %s and c.id in (?::uuid, history.derived_id('chat', ?::text)))
            select c.*, count(c.m_id) over () as found from c order by c.m_seq desc
            """.formatted(COLUMNS, OWN);

    private static final String PATCH = """
            with input as (select ?::uuid as id, ?::text as title, ?::bigint[] as versions),
            patched as (
              update public.chat_sessions c set title = input.title
              from input
              where c.id = input.id and %s and %s and input.title is not null
              returning %s)
            select patched.*, true as done, false as too_large from patched
            union all
            select %s, input.title is null and %s, false
            from input join public.chat_sessions c on c.id = input.id
            where %s and not exists (select from patched)
            """.formatted(OWN, VERSION_MATCHES, COLUMNS, COLUMNS, VERSION_MATCHES, OWN);

    private static final String DELETE = """
            with input as (select ?::uuid as id, ?::bigint[] as versions),
            deleted as (
              delete from public.chat_sessions c using input
              where c.id = input.id and %s and %s
              returning c.id)
            select %s, exists (select from deleted) as done, false as too_large
            from input join public.chat_sessions c on c.id = input.id
            where %s
            """.formatted(OWN, VERSION_MATCHES, COLUMNS, OWN);

    @Override
    public Optional<List<Conversation>> list(Caller caller, Scope scope, @Nullable Cursor after, int limit) {
        if (scope == Scope.TENANT) {
            throw new Failure(NOT_MIGRATED, "scope=tenant needs the policies of the new tables");
        }
        String time = after == null ? null : after.updatedAt().toString();
        return database.read(
                caller, LIST, ConversationTables::readList, time, time, after == null ? null : after.id(), limit);
    }

    @Override
    public Created create(Caller caller, Draft draft) {
        return database.write(
                caller,
                CREATE,
                ConversationTables::readCreated,
                draft.id(),
                draft.idempotencyKey().orElse(null),
                draft.title().orElse(null),
                draft.metadata().map(Object::toString).orElse(null));
    }

    @Override
    public Optional<Page> get(Caller caller, ConversationRef id, @Nullable Long before, int limit) {
        long end = before == null ? Long.MAX_VALUE : before;
        return database.read(caller, GET, rows -> Page.read(rows, limit), end, limit + 1, id.uuid(), id.chatId());
    }

    @Override
    public Written patch(Caller caller, UUID id, Change change, Optional<String> versions) {
        if (change.metadata().isPresent() || change.clearMetadata()) {
            throw new Failure(NOT_MIGRATED, "metadata is merged with a function of the new schema");
        }
        return database.writeOnce(
                caller,
                PATCH,
                ConversationTables::readOutcome,
                id,
                change.title().orElse(null),
                versions.orElse(null));
    }

    @Override
    public Written delete(Caller caller, UUID id, Optional<String> versions) {
        return database.writeOnce(caller, DELETE, ConversationTables::readOutcome, id, versions.orElse(null));
    }
}
