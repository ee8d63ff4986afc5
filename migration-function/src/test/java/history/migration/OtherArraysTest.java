package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays that are wrapped or not of the application's own shape, through both sides. */
final class OtherArraysTest {
    private static final String ID = "c0000000-0000-4000-8000-0000000000ff";
    private static final String TWO =
            "[{\"role\":\"user\",\"content\":\"one\"},  {\"from\":\"gpt\",\"value\":\"two\",\"n\":1.50}]";

    private static final List<String> WRAPPINGS = List.of(
            "to_jsonb('%s'::text)",
            "jsonb_build_object('title', 'T', 'messages', '%s'::jsonb, 'history', '{\"messages\": {}}'::jsonb)",
            "jsonb_build_object('messages', '%s'::text)",
            "to_jsonb(jsonb_build_object('chat', jsonb_build_object('messages', '%s'::jsonb))::text)",
            "jsonb_build_object('state', jsonb_build_object('messages', '%s'::jsonb), 'version', 0)");

    @Test
    void becomeRowsAndStayAsWrappedAsTheyWere() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V15, Owner.PLAIN);
                var application = old.oldApplication();
                var api = old.caller(OldDatabase.ADA)) {
            for (var wrapping : WRAPPINGS) {
                insert(application, id(wrapping), wrapping.formatted(TWO));
            }
            var stored = old.query("select messages from chat_sessions order by id");

            old.succeed(Action.MIGRATE);
            assertEach(old, List.of("1 user:one", "2 assistant:two"), null);
            assertEquals(stored, old.query("select messages from chat_sessions order by id"));
            old.succeed(Action.VERIFY);

            for (var wrapping : WRAPPINGS) {
                say(api, id(wrapping), "three");
            }
            assertEach(old, null, List.of("one", "two", "three"));
            old.succeed(Action.VERIFY);

            // The old application writes back what it read before, and a message of its own.
            for (var wrapping : WRAPPINGS) {
                update(
                        application,
                        "update chat_sessions set messages = %s where id = '%s'"
                                .formatted(
                                        wrapping.formatted(
                                                TWO.replace("]", ", {\"role\":\"user\",\"content\":\"four\"}]")),
                                        id(wrapping)));
            }
            assertEach(
                    old,
                    List.of("1 user:one", "2 assistant:two", "3 user:three", "4 user:four"),
                    List.of("one", "two", "three", "four"));
            old.succeed(Action.VERIFY);

            update(api, "update messages set content = 'zwei' where seq = 2");
            update(api, "delete from messages where seq = 3");
            assertEach(old, null, List.of("one", "zwei", "four"));
            assertEquals("0", old.value("select count(*) from chat_sessions where jsonb_typeof(messages) = 'array'"));
            var last = old.query("select messages from chat_sessions order by id");
            old.succeed(Action.ROLLBACK);
            assertEquals(last, old.query("select messages from chat_sessions order by id"));
            old.succeed(Action.MIGRATE);
            assertEach(old, List.of("1 user:one", "2 assistant:zwei", "3 user:four"), null);
        }
    }

    private static String id(String wrapping) {
        return ID.replaceFirst(".$", "" + WRAPPINGS.indexOf(wrapping));
    }

    private static void assertEach(OldDatabase old, @Nullable List<String> rows, @Nullable List<String> texts)
            throws SQLException {
        for (var wrapping : WRAPPINGS) {
            if (rows != null) {
                assertEquals(rows, rows(old, id(wrapping)), wrapping);
            }
            if (texts != null) {
                assertEquals(texts, texts(old, id(wrapping)), wrapping);
            }
        }
    }

    /** However small the column is as it is stored, and while the old application writes it. */
    @ParameterizedTest
    @ValueSource(strings = {"%s", "jsonb_build_object('messages', %s)", "to_jsonb((%s)::text)"})
    void areMovedASliceACommit(String wrapping) throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.SUPERUSER, Action.PREPARE);
                var application = old.oldApplication()) {
            insert(
                    application,
                    wrapping.formatted(
                            "to_jsonb(array_fill('{\"role\": \"user\", \"content\": \"\"}'::jsonb, array[100]))"));
            old.execute("select history.expand()");

            for (var part = 1; part <= 2; part++) {
                assertEquals("30", elements(old));
            }
            update(
                    application,
                    "update chat_sessions set messages = "
                            + wrapping.formatted(
                                    "to_jsonb(array_fill('{\"role\": \"user\", \"content\": \"\"}'::jsonb, array[101]))"));
            assertEquals("30", elements(old));
            assertEquals("11", elements(old));

            old.succeed(Action.MIGRATE);
            assertEquals(101, old.succeed(Action.VERIFY).elements());
        }
    }

    private static String elements(OldDatabase old) throws SQLException {
        try (var owner = old.database().connect(old.owner().role())) {
            update(owner, "set search_path = history_maintenance, pg_temp");
            return OldDatabase.query(owner, "select elements from history.backfill_batch(10, 8388608, 30)")
                    .getFirst();
        }
    }

    @Test
    void areReadBeforeTheyAreRows() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.SUPERUSER, Action.PREPARE);
                var application = old.oldApplication();
                var api = old.caller(OldDatabase.ADA)) {
            insert(application, "to_jsonb('%s'::text)".formatted(TWO));
            old.execute("select history.expand()");

            assertEquals(
                    List.of("one", "two"),
                    OldDatabase.query(
                            api,
                            "select content from history.pending_messages('%s', '%s') order by seq"
                                    .formatted(OldDatabase.TENANT_A, ID)));
            say(api, "three");
            assertEquals(List.of("1 user:one", "2 assistant:two", "3 user:three"), rows(old));
            assertEquals(List.of("one", "two", "three"), texts(old));
        }
    }

    @Test
    void changeTheirWrappingWhenTheOldApplicationDoes() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.PLAIN, Action.MIGRATE);
                var application = old.oldApplication();
                var api = old.caller(OldDatabase.ADA)) {
            insert(application, "to_jsonb('%s'::text)".formatted(TWO));
            say(api, "three");

            for (var wrapping :
                    List.of("'%s'::jsonb", "jsonb_build_object('messages', '%s'::jsonb)", "to_jsonb('%s'::text)")) {
                update(application, "update chat_sessions set messages = " + wrapping.formatted(TWO));

                assertEquals(List.of("1 user:one", "2 assistant:two", "3 user:three"), rows(old));
                assertEquals(List.of("one", "two", "three"), texts(old));
                old.succeed(Action.VERIFY);
            }
            update(application, "update chat_sessions set messages = '\"no array\"'");
            assertEquals(List.of("3 user:three"), rows(old));
            assertEquals("1", old.value("select count(*) from history.quarantine where reason = 'not_an_array'"));
            old.succeed(Action.VERIFY);
        }
    }

    @Test
    void showTheirReadersWhatTheApiChanges() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.PLAIN);
                var application = old.oldApplication();
                var api = old.caller(OldDatabase.ADA)) {
            insert(application, """
                    '[{"id": "m", "role": "user", "parts": [{"type": "text", "text": "a"}, {"type": "file", "url": "u"}], "metadata": {"k": 1}},
                      {"type": "human", "data": {"content": "b"}, "n": 1}, "{\\"role\\": \\"user\\", \\"content\\": \\"c\\"}"]'""");
            old.succeed(Action.MIGRATE);

            update(api, "update messages set content = upper(content)");

            assertEquals(List.of("""
                    [{"id": "m", "role": "user", "parts": [{"text": "A", "type": "text"}, {"url": "u", "type": "file"}], \
                    "metadata": {"k": 1}}, {"n": 1, "data": {"content": "B"}, "type": "human"}, \
                    "{\\"role\\": \\"user\\", \\"content\\": \\"C\\"}"]"""), old.query("select messages from chat_sessions"));
            update(api, "update messages set metadata = '{\"k\": 2}' where seq = 1");
            update(api, "update messages set role = 'assistant' where seq = 2");
            assertEquals(
                    "2 assistant",
                    old.value(
                            "select (messages #>> '{0,metadata,k}') || ' ' || (messages #>> '{1,role}') from chat_sessions"));
            old.succeed(Action.VERIFY);
            old.succeed(Action.ROLLBACK);
            old.succeed(Action.MIGRATE);
            assertEquals(List.of("1 user:A", "2 assistant:B", "3 user:C"), rows(old));
        }
    }

    @Test
    void giveAnElementWithoutATimeThatOfTheOneBefore() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V15, Owner.PLAIN);
                var application = old.oldApplication();
                var api = old.caller(OldDatabase.ADA)) {
            insert(application, """
                    '[{"role": "user", "content": "a"}, {"role": "tool", "content": "t", "timestamp": "2025-07-10T10:00:00Z"},
                      {"role": "user", "content": "b"}, {"role": "user", "content": "c", "timestamp": "2025-07-01T10:00:00Z"},
                      {"role": "user", "content": "d"}]'""");
            old.succeed(Action.MIGRATE);
            assertEquals(List.of("a 2025-01-01", "b 2025-07-10", "c 2025-07-01", "d 2025-07-01"), days(old));

            // Appended, inserted, and changed in places that do not follow each other.
            update(
                    application,
                    "update chat_sessions set messages = messages || '{\"role\": \"user\", \"content\": \"e\"}'");
            update(application, """
                    update chat_sessions set messages = jsonb_set(jsonb_set(messages, '{2,content}', '"B"'), '{4,content}', '"D"')""");
            assertEquals(
                    List.of("a 2025-01-01", "B 2025-07-10", "c 2025-07-01", "D 2025-07-01", "e 2025-07-01"), days(old));
            say(api, "now");
            update(
                    application,
                    "update chat_sessions set messages = messages || '{\"role\": \"user\", \"content\": \"f\"}'");
            assertEquals(
                    "t",
                    old.value("select max(created_at) = min(created_at) from messages where content in ('now', 'f')"));
        }
    }

    @Test
    void giveItAcrossTheCommitsOfAHugeOne() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.SUPERUSER)) {
            old.execute("""
                    insert into chat_sessions (id, tenant_id, user_id, created_at, messages)
                    select '%s', '%s', '%s', '2025-01-01T00:00:00Z', jsonb_agg(
                        jsonb_build_object('role', case when i %% 3 = 0 then 'tool' else 'user' end, 'content', md5(i::text))
                        || case when i %% 20 = 0 then jsonb_build_object('timestamp', timestamptz '2025-02-01Z' - i * interval '1 s') else '{}' end
                        order by i)
                    from generate_series(1, 3000) i""".formatted(ID, OldDatabase.TENANT_A, OldDatabase.ADA));
            old.succeed(Action.PREPARE);
            old.execute("select history.expand()");

            // As the backfill does it, in slices that end anywhere.
            old.execute("""
                    do $$
                    begin
                        perform set_config('search_path', 'history_maintenance, pg_temp', true);
                        for i in 1 .. 200 loop
                            perform history.backfill_slice('%s', 1000000000, 37);
                        end loop;
                    end $$""".formatted(ID));

            assertEquals("2000", old.value("select count(*) from messages"));
            assertEquals(List.of(), old.query("""
                    select m.seq from messages m where m.created_at <> case when m.seq < 20 then timestamptz '2025-01-01Z'
                        else timestamptz '2025-02-01Z' - (m.seq - m.seq %% 20) * interval '1 s' end""".replace("%%", "%")));
        }
    }

    /** Another position than the one that a session has kept, another version of the array, another session. */
    @Test
    void areTakenAsTheyAreBetweenTheCommitsOfAHugeOne() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V15, Owner.PLAIN)) {
            old.execute("""
                    insert into chat_sessions (id, tenant_id, user_id, messages)
                    select '%s', '%s', '%s', jsonb_agg(jsonb_build_object('role', 'user', 'content', md5(i::text)) order by i)
                    from generate_series(1, 300) i""".formatted(ID, OldDatabase.TENANT_A, OldDatabase.ADA));
            old.succeed(Action.PREPARE);
            try (var one = old.database().connect(old.owner().role());
                    var other = old.database().connect(old.owner().role());
                    var application = old.oldApplication()) {
                one.createStatement().execute("select history.expand()");
                var change = "update chat_sessions set messages = jsonb_set(messages, '{%d,content}', '\"changed\"')";

                assertEquals("37 t", slice(one));
                update(application, change.formatted(150));
                assertEquals("37 t", slice(one));
                assertEquals("37 t", slice(other));
                one.setAutoCommit(false);
                assertEquals("37 t", slice(one));
                one.rollback();
                one.setAutoCommit(true);
                assertEquals("37 t", slice(one));
                assertEquals("37 t", slice(one));
                assertEquals(List.of("changed"), old.query("select content from messages where seq = 151"));
                update(application, change.formatted(0));
                assertEquals(List.of("0"), old.query("select count(*) from messages"));
                update(
                        application,
                        "update chat_sessions set messages = messages || '[{\"role\":\"user\",\"content\":\"more\"}]'");
                for (var i = 0; i < 8; i++) {
                    assertEquals("37 t", slice(one));
                }
                assertEquals("5 f", slice(one));

                assertEquals("301", old.value("select last_seq from conversations"));
                assertEquals(
                        List.of("1 changed", "151 changed", "301 more"),
                        old.query(
                                "select concat_ws(' ', seq, content) from messages where length(content) < 32 order by seq"));
                assertEquals("{}", old.value("select history.differing()"));
                assertEquals(List.of(), OldDatabase.query(one, "select name from pg_cursors where is_holdable"));
            }
        }
    }

    /** A rename leaves the array where it is stored, and every other write, whoever makes it and whatever to, stores it anew. */
    @Some("V18")
    void areUnpackedAgainOnlyAfterAWriteThatMayHaveChangedThem(PostgresVersion version) throws Exception {
        try (var old = OldDatabase.empty(version, Owner.PLAIN)) {
            old.execute("""
                    insert into chat_sessions (id, tenant_id, user_id, messages)
                    select '%s', '%s', '%s', jsonb_agg(jsonb_build_object('role', 'user', 'content', md5(i::text)) order by i)
                    from generate_series(1, 800) i""".formatted(ID, OldDatabase.TENANT_A, OldDatabase.ADA));
            old.succeed(Action.PREPARE);
            try (var owner = old.database().connect(old.owner().role());
                    var application = old.oldApplication()) {
                owner.createStatement().execute("select history.expand()");
                var rename = "update chat_sessions set title = 'Renamed ' || title";
                var untold =
                        "set session_replication_role = replica; update conversations set messages = %s; set session_replication_role = origin";
                var changed = "jsonb_set(messages, '{%d,content}', '\"changed\"')";
                var before = unpacked(owner);

                update(application, rename);
                assertEquals(version != PostgresVersion.V15, before.equals(unpacked(owner)));
                old.execute("vacuum full conversations");
                for (var write : List.of(
                        "update chat_sessions set messages = " + changed.formatted(600),
                        "update chat_sessions set messages = messages || '[]'",
                        "alter table conversations disable trigger user; update conversations set messages = %s; alter table conversations enable trigger user"
                                .formatted(changed.formatted(650)),
                        untold.formatted(changed.formatted(700)),
                        untold.formatted("messages - 750") + "; "
                                + untold.formatted("jsonb_insert(messages, '{750}', messages -> 0)"))) {
                    before = unpacked(owner);
                    old.execute(write);
                    assertNotEquals(before, unpacked(owner), write);
                }
                while (slice(owner).endsWith("t")) {
                    update(application, rename);
                }

                assertEquals("{}", old.value("select history.differing()"));
                assertEquals(
                        List.of("601", "651", "701"),
                        old.query("select seq from messages where content = 'changed' order by seq"));
                assertEquals("t", old.value("select (select content from messages where seq = 751) = md5('1')"));
            }
        }
    }

    /** When the session unpacked the array of which it now takes another slice. */
    private static String unpacked(Connection session) throws SQLException {
        assertEquals("37 t", slice(session));
        return OldDatabase.query(session, "select creation_time from pg_cursors where is_holdable")
                .getFirst();
    }

    private static String slice(Connection session) throws SQLException {
        return OldDatabase.query(
                        session,
                        "select concat_ws(' ', elements, more) from history.backfill_slice('%s', 1000000000, 37)"
                                .formatted(ID))
                .getFirst();
    }

    private static void insert(Connection application, String messages) throws SQLException {
        insert(application, ID, messages);
    }

    private static void insert(Connection application, String id, String messages) throws SQLException {
        update(
                application,
                "insert into chat_sessions (id, tenant_id, user_id, created_at, messages) values ('%s', '%s', '%s', '2025-01-01', %s)"
                        .formatted(id, OldDatabase.TENANT_A, OldDatabase.ADA, messages));
    }

    private static void say(Connection api, String content) throws SQLException {
        say(api, ID, content);
    }

    private static void say(Connection api, String id, String content) throws SQLException {
        update(
                api,
                "insert into messages (tenant_id, conversation_id, user_id, role, content) values ('%s', '%s', '%s', 'user', '%s')"
                        .formatted(OldDatabase.TENANT_A, id, OldDatabase.ADA, content));
    }

    private static List<String> rows(OldDatabase old) throws SQLException {
        return rows(old, ID);
    }

    private static List<String> rows(OldDatabase old, String id) throws SQLException {
        return old.query("""
                select format('%%s %%s:%%s', seq, role, content) from messages
                where conversation_id = '%s' order by seq""".formatted(id));
    }

    private static List<String> days(OldDatabase old) throws SQLException {
        return old.query(
                "select format('%s %s', content, (created_at at time zone 'UTC')::date) from messages order by seq");
    }

    /** The texts of the array as it is stored, whose wrapping must still be there. */
    private static List<String> texts(OldDatabase old) throws SQLException {
        return texts(old, ID);
    }

    private static List<String> texts(OldDatabase old, String id) throws SQLException {
        return old.query("""
                select coalesce(e ->> 'content', e ->> 'value')
                from chat_sessions, jsonb_array_elements(history.unwrapped(messages)) e where id = '%s'""".formatted(id));
    }

    private static void update(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
