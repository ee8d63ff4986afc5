package history.conversation;

import history.auth.Caller;
import history.db.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tables {@code conversations} and {@code messages}. */
record ConversationTables(Database database) implements ConversationStore {
    private static final String COLUMNS = """
            c.id, c.tenant_id, c.user_id, coalesce(nullif(btrim(c.title), ''), 'New Conversation') as title,
            coalesce(c.metadata, '{}') as metadata, coalesce(c.created_at, c.updated_at) as created_at,
            coalesce(c.updated_at, c.created_at) as updated_at,
            coalesce(c.message_count, history.pending_count(c.tenant_id, c.id)) as message_count
            """;

    /** The caller's own row: what may be changed. An admin of the tenant reads more, and changes no more. */
    private static final String OWN = "c.tenant_id = history.current_tenant() and c.user_id = history.user_id()";

    private static final String VERSION_MATCHES =
            "(input.versions is null or (extract(epoch from c.updated_at) * 1000000)::bigint = any (input.versions))";

    private static final String LIST = """
            select scope.allowed, c.*
            from (select ?::boolean or history.current_tenant() in (select history.my_admin_tenants()) as allowed) scope
            left join lateral (
              select %s
              from public.conversations c
              where c.tenant_id = (select history.current_tenant())
                and (not ?::boolean or c.user_id = (select history.user_id()))
                and (?::timestamptz is null or (c.updated_at, c.id) < (?::timestamptz, ?::uuid))
              order by c.updated_at desc, c.id desc
              limit ?) c on scope.allowed
            order by c.updated_at desc, c.id desc
            """.formatted(COLUMNS);

    private static final String CREATE = """
            with input as (
              select ?::uuid as id, ?::text as key, ?::text as title, ?::jsonb as metadata, ?::text as request_hash),
            draft as (
              select case when key is null then id else history.derived_id('conversation', key) end as id from input),
            created as (
              insert into public.conversations as c
                (id, tenant_id, user_id, title, metadata, last_seq, message_count, request_hash)
              select draft.id, history.current_tenant(), history.user_id(),
                     coalesce(input.title, 'New Conversation'), coalesce(input.metadata, '{}'), 0, 0, input.request_hash
              from draft, input
              on conflict (id) do nothing
              returning %s)
            select created.*, false as replayed, true as same_request from created
            union all
            select %s, true, c.request_hash is not distinct from input.request_hash
            from input, draft join public.conversations c on c.id = draft.id
            where %s and not exists (select from created)
            """.formatted(COLUMNS, COLUMNS, OWN);

    private static final String GET = """
            with c as (
              select %s
              from public.conversations c
              where c.tenant_id = history.current_tenant()
                and c.id in (?::uuid, history.derived_id('chat', ?::text))
              order by c.user_id = history.user_id() desc limit 1),
            page as (
              select m.*, row_number() over newest as rank,
                     sum(octet_length(m.content) + octet_length(m.metadata::text)) over newest as bytes
              from (
                (select m.id, m.conversation_id, m.seq, m.role, m.content, m.metadata, m.created_at
                 from c join public.messages m on m.tenant_id = c.tenant_id and m.conversation_id = c.id
                 where m.seq < ? order by m.seq desc limit ?)
                union all
                (select m.id, m.conversation_id, m.seq, m.role, m.content, m.metadata, m.created_at
                 from c cross join lateral history.pending_messages(c.tenant_id, c.id) m
                 where m.seq < ? order by m.seq desc limit ?)) m
              window newest as (order by m.seq desc)
              order by m.seq desc limit ?)
            select c.id, c.tenant_id, c.user_id, c.title, case when coalesce(page.rank, 1) = 1 then c.metadata end as metadata,
                   c.created_at, c.updated_at, c.message_count, (select count(*) from page) as found,
                   page.id as m_id, page.conversation_id as m_conversation_id, page.seq as m_seq, page.role as m_role,
                   page.content as m_content, page.metadata as m_metadata, page.created_at as m_created_at
            from c left join page on page.rank = 1 or page.bytes <= ?
            order by page.seq desc
            """.formatted(COLUMNS);

    private static final String PATCH =
            """
            with input as (
              select ?::uuid as id, ?::text as title, ?::boolean as clear, ?::jsonb as patch, ?::bigint[] as versions, ? as most),
            old as (
              select c.id, octet_length(c.metadata::text) as old_bytes,
                     octet_length(history.merge_patch(case when not clear then c.metadata end, patch)::text) as new_bytes
              from input join public.conversations c on c.id = input.id
              where %s),
            patched as (
              update public.conversations c
              set title = coalesce(input.title, c.title),
                  metadata = case
                    when input.patch is null then c.metadata
                    else history.merge_patch(case when not clear then c.metadata end, input.patch) end
              from input, old
              where c.id = old.id and %s and %s
                and (input.title is not null or input.patch is not null)
                and (old.new_bytes is null or old.new_bytes <= input.most or old.new_bytes <= old.old_bytes)
              returning %s)
            select patched.*, true as done, false as too_large from patched
            union all
            select %s, input.title is null and input.patch is null and %s, old.new_bytes > input.most and %s
            from input, old join public.conversations c on c.id = old.id
            where %s and not exists (select from patched)
            """.formatted(OWN, OWN, VERSION_MATCHES, COLUMNS, COLUMNS, VERSION_MATCHES, VERSION_MATCHES, OWN);

    private static final String DELETE = """
            with input as (select ?::uuid as id, ?::bigint[] as versions),
            deleted as (
              delete from public.conversations c using input
              where c.id = input.id and %s and %s
              returning c.id)
            select %s, exists (select from deleted) as done, false as too_large
            from input join public.conversations c on c.id = input.id
            where %s
            """.formatted(OWN, VERSION_MATCHES, COLUMNS, OWN);

    @Override
    public Optional<List<Conversation>> list(Caller caller, Scope scope, @Nullable Cursor after, int limit) {
        boolean own = scope == Scope.USER;
        String time = after == null ? null : after.updatedAt().toString();
        return database.read(
                caller,
                LIST,
                ConversationTables::readList,
                own,
                own,
                time,
                time,
                after == null ? null : after.id(),
                limit);
    }

    static Optional<List<Conversation>> readList(ResultSet rows) throws SQLException {
        List<Conversation> conversations = new ArrayList<>();
        while (rows.next()) {
            if (!rows.getBoolean("allowed")) {
                return Optional.empty();
            }
            if (rows.getObject("id") != null) {
                conversations.add(Conversation.of(rows));
            }
        }
        return Optional.of(conversations);
    }

    @Override
    public Created create(Caller caller, Draft draft) {
        String key = draft.idempotencyKey().orElse(null);
        String metadata = draft.metadata().map(Object::toString).orElse(null);
        return database.write(
                caller,
                CREATE,
                ConversationTables::readCreated,
                draft.id(),
                key,
                draft.title().orElse(null),
                metadata,
                key == null ? null : draft.requestHash());
    }

    static Created readCreated(ResultSet rows) throws SQLException {
        rows.next();
        return new Created(Conversation.of(rows), rows.getBoolean("replayed"), rows.getBoolean("same_request"));
    }

    @Override
    public Optional<Page> get(Caller caller, ConversationRef id, @Nullable Long before, int limit) {
        long end = before == null ? Long.MAX_VALUE : before;
        int oneMore = limit + 1;
        return database.read(
                caller,
                GET,
                rows -> Page.read(rows, limit),
                id.uuid(),
                id.chatId(),
                end,
                oneMore,
                end,
                oneMore,
                oneMore,
                Page.MAX_BYTES);
    }

    @Override
    public Written patch(Caller caller, UUID id, Change change, Optional<String> versions) {
        String metadata = change.metadata().map(Object::toString).orElse(change.clearMetadata() ? "{}" : null);
        String required = versions.orElse(null);
        @Nullable
        Object[] parameters = {
            id,
            change.title().orElse(null),
            change.clearMetadata(),
            metadata,
            required,
            NewConversation.MAX_METADATA_BYTES
        };
        return required == null
                ? database.write(caller, PATCH, ConversationTables::readOutcome, parameters)
                : database.writeOnce(caller, PATCH, ConversationTables::readOutcome, parameters);
    }

    @Override
    public Written delete(Caller caller, UUID id, Optional<String> versions) {
        return database.writeOnce(caller, DELETE, ConversationTables::readOutcome, id, versions.orElse(null));
    }

    static Written readOutcome(ResultSet rows) throws SQLException {
        if (!rows.next()) {
            return new Written.Missing();
        }
        if (rows.getBoolean("done")) {
            return new Written.Done(Conversation.of(rows));
        }
        return rows.getBoolean("too_large") ? new Written.TooLarge() : new Written.Changed();
    }
}
