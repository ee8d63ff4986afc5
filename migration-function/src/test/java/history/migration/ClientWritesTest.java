package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the data API's clients and the service write, in every phase that has the new tables. */
final class ClientWritesTest {
    private static final String CONVERSATION = "c0000000-0000-4000-8000-0000000000ff";
    private static final String CLEO = "c0000000-0000-4000-8000-000000000003";

    private static final String ROWS = """
            select format('%s %s %s %s', m.seq, m.content, m.tenant_id = c.tenant_id, m.user_id = c.user_id)
            from public.messages m join public.conversations c on c.id = m.conversation_id order by m.seq""";

    /** How far the migration is. */
    enum Phase {
        EXPANDED,
        MIGRATED,
        COMPLETE;

        /** A conversation of Ada with one element; Cleo is a member of the same tenant. */
        OldDatabase database(Owner owner) throws Exception {
            var data = """
                    insert into auth.users values ('%s', 'cleo@example.com');
                    insert into public.tenant_users (tenant_id, user_id) values ('%s', '%s');
                    insert into public.chat_sessions (id, tenant_id, user_id, messages)
                    values ('%s', '%s', '%s', '[{"role": "user", "content": "old"}]')""".formatted(
                            CLEO, OldDatabase.TENANT_A, CLEO, CONVERSATION, OldDatabase.TENANT_A, OldDatabase.ADA);
            return switch (this) {
                case EXPANDED ->
                    OldDatabase.empty(
                            PostgresVersion.V18,
                            owner,
                            data,
                            Action.PREPARE,
                            "set role %s; set search_path = history_maintenance, pg_temp; select history.expand()"
                                    .formatted(owner.role()));
                case MIGRATED -> OldDatabase.empty(PostgresVersion.V18, owner, data, Action.MIGRATE);
                case COMPLETE -> OldDatabase.empty(PostgresVersion.V18, owner, data, Action.MIGRATE, Action.COMPLETE);
            };
        }

        String oldName() {
            return this == COMPLETE ? "public.conversations" : "public.chat_sessions";
        }
    }

    static Stream<Arguments> everyPhaseAndClient() {
        return Stream.of(Phase.values())
                .flatMap(phase -> Stream.of("authenticated", "service_role").map(role -> Arguments.of(phase, role)));
    }

    @ParameterizedTest
    @MethodSource("everyPhaseAndClient")
    void aMessageNeedsItsConversationRoleAndTextOnly(Phase phase, String role) throws Exception {
        try (var old = phase.database(Owner.PLAIN);
                var client = role.equals("authenticated") ? old.caller(OldDatabase.ADA) : old.oldApplication()) {
            update(
                    client,
                    "insert into messages (conversation_id, role, content) values ('%1$s', 'user', 'question'), ('%1$s', 'assistant', 'answer')"
                            .formatted(CONVERSATION));
            client.setAutoCommit(false);
            for (var content : List.of("in one", "transaction")) {
                update(
                        client,
                        "insert into messages (conversation_id, role, content) values ('%s', 'user', '%s')"
                                .formatted(CONVERSATION, content));
            }
            client.commit();

            assertEquals(
                    List.of("1 old t t", "2 question t t", "3 answer t t", "4 in one t t", "5 transaction t t"),
                    old.query(ROWS));
            assertEquals("t", old.value("""
                            select bool_and(created_at > before) from (select created_at, lag(created_at) over (order by seq) as before
                            from public.messages where seq > 1) m where before is not null"""));
            assertTrue(old.run(Action.VERIFY).succeeded());
        }
    }

    @ParameterizedTest
    @EnumSource
    void messagesFollowTheirConversationToAnotherUser(Phase phase) throws Exception {
        try (var old = phase.database(Owner.PLAIN);
                var ada = old.caller(OldDatabase.ADA);
                var cleo = old.caller(CLEO);
                var service = old.oldApplication()) {
            update(
                    ada,
                    "insert into messages (conversation_id, role, content) values ('%s', 'user', 'new')"
                            .formatted(CONVERSATION));

            update(service, "update %s set user_id = '%s'".formatted(phase.oldName(), CLEO));

            assertEquals(
                    List.of(),
                    OldDatabase.query(
                            ada, "select content from messages where user_id = '%s'".formatted(OldDatabase.ADA)));
            assertEquals(List.of("old", "new"), OldDatabase.query(cleo, "select content from messages order by seq"));
            assertTrue(old.run(Action.VERIFY).succeeded());
            if (phase != Phase.COMPLETE) {
                assertEquals(CLEO, old.value("select messages -> 1 ->> 'userId' from chat_sessions"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatNamesARowNeverChanges(Phase phase) throws Exception {
        try (var old = phase.database(Owner.PLAIN);
                var service = old.oldApplication()) {
            update(
                    service,
                    "insert into messages (conversation_id, role, content) values ('%s', 'user', 'x')"
                            .formatted(CONVERSATION));
            var before = old.query(ROWS);
            for (var change : List.of(
                    "update %s set id = gen_random_uuid()",
                    "update %s set tenant_id = '" + OldDatabase.TENANT_B + "'",
                    "update messages set id = gen_random_uuid()",
                    "update messages set conversation_id = gen_random_uuid()",
                    "update messages set tenant_id = '" + OldDatabase.TENANT_B + "'",
                    "update messages set user_id = '" + CLEO + "'",
                    "insert into messages (conversation_id, user_id, role, content) values ('" + CONVERSATION + "', '"
                            + CLEO + "', 'user', 'x')")) {
                var refused = assertThrows(
                        SQLException.class, () -> update(service, change.formatted(phase.oldName())), change);
                assertEquals("23514", refused.getSQLState(), change);
            }
            assertEquals(before, old.query(ROWS));
        }
    }

    /** A turn is what the functions say of it: an answer that is being made goes on, and nobody makes up how much was used. */
    @ParameterizedTest
    @MethodSource("everyPhaseAndClient")
    void aClientsMetadataSayNothingOfATurn(Phase phase, String role) throws Exception {
        var forged = """
                {"mine": 1, "status": "running", "attempt": {"id": "%1$s", "until": "2090-01-01T00:00:00Z"}, "reply_to": "%1$s",
                "requests": {"key": "hash"}, "client_id": "m1", "previous": [], "model": "gpt", "ui_parts": [],
                "usage": {"input_tokens": 9, "output_tokens": 9}}""".formatted(CONVERSATION);
        var insert =
                "insert into messages (conversation_id, role, content, metadata) values ('%s', 'assistant', '%s', '%s')";
        var turns = """
                select concat_ws(' ', seq, status, lease_until is not null, reply_to is not null, client_id, request_key, model, input_tokens,
                    metadata ->> 'status', (select count(*) from jsonb_object_keys(metadata)), metadata ->> 'mine')
                from public.messages where seq > 1 order by seq""";
        try (var old = phase.database(Owner.PLAIN);
                var functions = old.caller(OldDatabase.ADA);
                var client = role.equals("authenticated") ? old.caller(OldDatabase.ADA) : old.oldApplication()) {
            update(client, insert.formatted(CONVERSATION, "forged", forged));
            assertEquals(List.of("2 completed f f 1 1"), old.query(turns));
            update(
                    functions,
                    "reset role; set session authorization history_functions; set role authenticated;"
                            + insert.formatted(CONVERSATION, "running", forged.replace("\"mine\": 1, ", ""))
                            + ";"
                            + insert.formatted(
                                    CONVERSATION,
                                    "stopped",
                                    forged.replace("\"mine\": 1, \"status\": \"running\"", "\"status\": \"stopped\"")));
            var before = old.query(turns);
            assertEquals("3 running t t m1 key gpt 9 running 9", before.get(1));
            for (var metadata : List.of(
                    "'{\"mine\": 2}'",
                    "metadata || '{\"status\": \"completed\", \"model\": \"x\"}'",
                    "'{\"usage\": 0}'",
                    "null")) {
                update(client, "update messages set metadata = " + metadata);
                var keys = metadata.contains("usage") || metadata.equals("null") ? " 9" : " 10 2";
                assertEquals(
                        List.of(
                                "3 running t t m1 key gpt 9 running" + keys,
                                "4 stopped t t m1 key gpt 9 stopped" + keys),
                        old.query(turns).subList(1, 3),
                        metadata);
            }
            if (role.equals("service_role")) {
                update(client, "update messages set metadata = '[\"status\"]' where seq > 2");
                assertEquals(before.subList(1, 3), old.query(turns).subList(1, 3));
                update(client, insert.formatted(CONVERSATION, "no object", "[\"status\"]"));
                assertEquals("[\"status\"]", old.value("select metadata from public.messages where seq = 5"));
            }
            assertTrue(old.run(Action.VERIFY).succeeded());
        }
    }

    /** Whatever is added, changed or deleted: the last message is the newest one, whatever its place. */
    @ParameterizedTest
    @EnumSource
    void theLastMessageIsTheNewest(Phase phase) throws Exception {
        var insert = "insert into messages (conversation_id, role, content, created_at) values ('" + CONVERSATION
                + "', 'user', '%1$s', '%2$s-01-01') -- %3$s";
        try (var old = phase.database(Owner.PLAIN);
                var service = old.oldApplication()) {
            for (var change : List.of(
                    insert.formatted("first", "2030", "first"),
                    insert.formatted("early", "2020", "first"),
                    insert.formatted("late", "2029", "first"),
                    "delete from messages where content = 'early' -- first",
                    "update messages set metadata = '{\"rating\": 1}' -- first",
                    "update messages set created_at = '2028-01-01' where content = 'first' -- late",
                    "delete from messages where content = 'late' -- first",
                    "update messages set current = false where content = 'first' -- old")) {
                update(service, change);
                assertEquals(
                        change.split(" -- ", 2)[1],
                        old.value(
                                "select m.content from conversations c join messages m on m.created_at = c.last_message_at"),
                        change);
            }
            assertTrue(old.run(Action.VERIFY).succeeded());
        }
    }

    /** As where the API changes or deletes it: the words of a question that is gone do not stay in lists. */
    @ParameterizedTest
    @MethodSource("everyPhaseAndClient")
    void aTitleThatNobodyGaveFollowsTheFirstQuestion(Phase phase, String role) throws Exception {
        var insert =
                "insert into messages (conversation_id, role, content) values ('" + CONVERSATION + "', '%s', '%s')";
        try (var old = phase.database(Owner.PLAIN);
                var client = role.equals("authenticated") ? old.caller(OldDatabase.ADA) : old.oldApplication()) {
            update(client, insert.formatted("user", "secret"));
            update(client, insert.formatted("assistant", "answer"));
            update(client, insert.formatted("user", "lunch"));
            update(client, "update conversations set title = 'old'");
            for (var change : List.of(
                    "update messages set metadata = '{\"seen\": 1}' -- old",
                    "update messages set content = 'new' where role = 'assistant' -- old",
                    "update messages set content = 'harmless' where seq = 1 -- harmless",
                    "update messages set content = content || '!' -- harmless!",
                    "delete from messages where seq = 1 -- secret!",
                    "update conversations set title = 'lunch!' -- lunch!",
                    "update messages set content = 'dinner' where seq = 4 -- lunch!",
                    "update conversations set title = 'secret!' -- secret!",
                    "update messages set role = 'assistant' where seq = 2 -- dinner",
                    "update conversations set title = 'given' -- given",
                    "delete from messages where seq = 4 -- given",
                    "update conversations set title = 'dinner' -- dinner",
                    insert.formatted("user", "dinner") + " -- dinner",
                    "delete from messages -- New Conversation")) {
                update(client, change);
                assertEquals(change.split(" -- ", 2)[1], old.value("select title from conversations"), change);
            }
            assertTrue(old.run(Action.VERIFY).succeeded());
        }
    }

    /** By which a conversation without a message has its place in lists. */
    @ParameterizedTest
    @MethodSource("everyPhaseAndClient")
    void aConversationKeepsItsTime(Phase phase, String role) throws Exception {
        try (var old = phase.database(Owner.PLAIN);
                var client = role.equals("authenticated") ? old.caller(OldDatabase.ADA) : old.oldApplication()) {
            update(
                    client,
                    "insert into messages (conversation_id, role, content) values ('%s', 'user', 'x')"
                            .formatted(CONVERSATION));
            var before = old.query("select created_at || ' ' || revision from conversations");
            update(client, "update conversations set created_at = null");
            assertEquals(before, old.query("select created_at || ' ' || revision from conversations"));
            update(client, "update conversations set created_at = '2025-01-01'");
            assertEquals("2025", old.value("select extract(year from created_at) from conversations"));
        }
    }

    @Test
    void verifyFindsAMessageOfAnotherUser() throws Exception {
        try (var old = Phase.MIGRATED.database(Owner.SUPERUSER);
                var owner = old.database().connect(PostgresServer.SUPERUSER)) {
            update(
                    owner,
                    "set search_path = history_maintenance, pg_temp; update public.messages set user_id = '%s'"
                            .formatted(CLEO));

            var report = old.run(Action.VERIFY);

            assertFalse(report.succeeded());
            assertTrue(report.json().contains(CONVERSATION), report.json());
        }
    }

    /** Anybody may choose the id of a conversation, also the one that an order of ids begins with. */
    @Test
    void theFirstIdThereIsIsMigratedToo() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.PLAIN)) {
            old.execute("""
                    insert into public.chat_sessions (id, tenant_id, user_id, messages) values
                    ('00000000-0000-0000-0000-000000000000', '%s', '%s', '[{"role": "user", "content": "first"}]')""".formatted(OldDatabase.TENANT_A, OldDatabase.ADA));
            old.succeed(Action.MIGRATE);

            assertEquals(List.of("1 first t t"), old.query(ROWS));
            try (var owner = old.database().connect(Owner.PLAIN.role())) {
                update(
                        owner,
                        "set search_path = history_maintenance, pg_temp; update public.messages set content = 'forged'");
            }
            assertFalse(old.run(Action.VERIFY).succeeded());
        }
    }

    private static void update(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
