package history.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import history.fixture.World;
import history.migration.Action;
import history.migration.Migration;
import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a request reads, counted in blocks, does not grow with the history: each statement of each function has its index. */
final class PlansTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PAGE = 200;

    /** How many blocks a call reads, and what is wrong with its plans. */
    private record Cost(long blocks, Set<String> faults) {}

    private static void migrateCompletely(PostgresDatabase database) {
        var migration = Migration.of(database.environment(PostgresServer.SUPERUSER));
        for (var action : List.of(Action.MIGRATE, Action.COMPLETE)) {
            var report = migration.run(
                    action,
                    action == Action.COMPLETE
                            ? String.valueOf(migration.run(Action.STATUS).confirm())
                            : "");
            assertTrue(report.succeeded(), report::json);
        }
    }

    @Test
    void aRequestReadsNoMoreOfALongHistory() throws Exception {
        try (var world = World.create("complete", PlansTest::migrateCompletely)) {
            var conversation = UUID.randomUUID();
            world.execute("insert into public.conversations (id, tenant_id, user_id) values ('%s', '%s', '%s')"
                    .formatted(conversation, world.ada().tenantId(), world.ada().userId()));
            grow(world, conversation, PAGE, PAGE);
            var small = costs(world, conversation);
            grow(world, conversation, 10_000, 100_000);
            var large = costs(world, conversation);
            large.forEach((call, cost) -> {
                var before = small.getOrDefault(call, cost).blocks();
                System.out.printf(
                        "%s: %d blocks with %d messages and conversations, %d with 100,000 and 10,000%n",
                        call, before, PAGE, cost.blocks());
                assertEquals(new TreeSet<>(), cost.faults(), call);
                assertTrue(cost.blocks() <= before * 5 / 4 + 80, call + " reads " + before + " and " + cost.blocks());
            });
        }
    }

    @Test
    void anEditReadsNoMoreBehindAThousandMessages() throws Exception {
        try (var world = World.create("complete", PlansTest::migrateCompletely)) {
            var conversations = List.of(UUID.randomUUID(), UUID.randomUUID());
            for (var conversation : conversations) {
                world.execute("insert into public.conversations (id, tenant_id, user_id) values ('%s', '%s', '%s')"
                        .formatted(
                                conversation,
                                world.ada().tenantId(),
                                world.ada().userId()));
                grow(world, conversation, 0, conversation.equals(conversations.getFirst()) ? 10 : 1_000);
            }
            var blocks = new ArrayList<Long>();
            try (var connection = caller(world)) {
                edit(connection, conversations.getFirst(), "Edited"); // which reads the catalogue, too
                for (var conversation : conversations) {
                    blocks.add(edit(connection, conversation, "Edited again"));
                }
            }
            assertTrue(blocks.getLast() <= blocks.getFirst() + 20, () -> "blocks: " + blocks);
            System.out.println("an edit behind 10 and 1,000 messages: " + blocks + " blocks");
        }
    }

    @Test
    void aConversationOfManyLongEditsOpensLikeOneWithout() throws Exception {
        try (var world = World.create("complete", PlansTest::migrateCompletely)) {
            var conversation = UUID.randomUUID();
            world.execute("insert into public.conversations (id, tenant_id, user_id) values ('%s', '%s', '%s')"
                    .formatted(conversation, world.ada().tenantId(), world.ada().userId()));
            grow(world, conversation, 0, 10);
            var open = "get_conversation('%s', null, 9223372036854775807, 200, 5000000)".formatted(conversation);
            try (var connection = caller(world)) {
                edit(connection, conversation, "x".repeat(100_000));
                world.execute("vacuum analyze public.messages");
                cost(connection, open); // which reads the catalogue, too
                var before = cost(connection, open).blocks();
                for (var edits = 0; edits < 100; edits++) {
                    edit(connection, conversation, edits + "y".repeat(99_990));
                }
                world.execute("vacuum analyze public.messages");
                cost(connection, open);
                var after = cost(connection, open).blocks();
                System.out.println("opened before and after 100 edits of 100,000 characters: " + before + ", " + after
                        + " blocks");
                assertTrue(after <= before + 20, () -> "blocks: " + before + ", and " + after + " after 100 edits");
            }
            world.execute(
                    "do $$ begin assert (select count(*) = 101 from public.messages where not current and role = 'user'); end $$");
        }
    }

    /** Gives the last question another text and an answer; out: how many blocks the claim reads. */
    private static long edit(Connection connection, UUID conversation, String text) throws Exception {
        var attempt = UUID.randomUUID();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                select m.id from public.messages m where m.conversation_id = '%s' and m.role = 'user'
                order by m.seq desc limit 1""".formatted(conversation))) {
            rows.next();
            var question = rows.getString(1);
            var claimed = cost(connection, """
                    claim_turn(conversation => '%1$s', chat_id => null, new_conversation => gen_random_uuid(), message_id => '%2$s',
                        new_message => gen_random_uuid(), content => '%3$s', metadata => null, anew => false, attempt => '%4$s',
                        lease => '1 minute', key => null, key_hash => null, most => 5, characters => 100000,
                        target => '%2$s')""".formatted(conversation, question, text, attempt));
            cost(
                    connection,
                    "finish_turn('%s', '%s', '%s', 'completed', 'Yes', '{}')"
                            .formatted(conversation, question, attempt));
            return claimed.blocks();
        }
    }

    /** With rows as the migration writes them, its triggers at rest. */
    private static void grow(World world, UUID conversation, int conversations, int messages) throws SQLException {
        world.execute(
                """
            set search_path = history_maintenance, pg_temp;
            insert into public.conversations (id, tenant_id, user_id, title, updated_at, last_seq, message_count)
            select gen_random_uuid(), '%1$s', '%2$s', 'One of many', now() - i * interval '1 second', 0, 0
            from generate_series(1, %3$d) i;
            insert into public.messages (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at)
            select gen_random_uuid(), c.tenant_id, c.id, c.user_id, c.last_seq + i, case when i %% 2 = 1 then 'user' else 'assistant' end,
                'Message ' || i, '{}', now() - interval '1 day' + i * interval '1 millisecond'
            from public.conversations c cross join generate_series(1, %4$d) i where c.id = '%5$s';
            update public.conversations c set last_seq = c.last_seq + %4$d, message_count = c.message_count + %4$d where c.id = '%5$s'""".formatted(world.ada().tenantId(), world.ada().userId(), conversations, messages, conversation));
        world.execute("vacuum analyze public.conversations");
        world.execute("vacuum analyze public.messages");
    }

    /** As auto_explain tells of nested statements. Each call often enough that its plans are kept; the last one counts. */
    private static Map<String, Cost> costs(World world, UUID conversation) throws Exception {
        var costs = new LinkedHashMap<String, Cost>();
        try (var connection = caller(world)) {
            try (var statement = connection.createStatement()) {
                statement.execute("""
            reset role;
            load 'auto_explain';
            set client_min_messages = log;
            set auto_explain.log_min_duration = 0;
            set auto_explain.log_nested_statements = on;
            set auto_explain.log_analyze = on;
            set auto_explain.log_timing = off;
            set auto_explain.log_format = json;
            set role authenticated""");
            }
            for (int i = 0; i < 8; i++) {
                var attempt = UUID.randomUUID();
                costs.put("list", cost(connection, "list_conversations(false, null, null, 20)"));
                costs.put(
                        "next page",
                        cost(
                                connection,
                                "list_conversations(false, now() - interval '10 seconds', gen_random_uuid(), 20)"));
                costs.put(
                        "get",
                        cost(
                                connection,
                                "get_conversation('%s', null, 9223372036854775807, %d, 5000000)"
                                        .formatted(conversation, PAGE)));
                costs.put("claim", cost(connection, """
                        claim_turn(conversation => '%s', chat_id => null, new_conversation => gen_random_uuid(), message_id => null,
                            new_message => gen_random_uuid(), content => 'Hello', metadata => null, anew => false, attempt => '%s',
                            lease => '1 minute', key => gen_random_uuid()::text, key_hash => 'x', most => 50, characters => 100000)""".formatted(conversation, attempt)));
                costs.put("flush", cost(connection, "flush_turn('%s', '%s', 'Hel')".formatted(conversation, attempt)));
                costs.put("resume", cost(connection, "running_turn('%s', null, null)".formatted(conversation)));
                costs.put("finish", cost(connection, """
                        finish_turn('%1$s', (select a.reply_to from public.messages a where a.tenant_id = '%3$s' and a.id = '%2$s'),
                            '%2$s', 'completed', 'Hello', '{}')""".formatted(
                                conversation, attempt, world.ada().tenantId())));
                costs.put(
                        "patch",
                        cost(
                                connection,
                                "patch_conversation('%s', 'Title', false, null, null, 65536)".formatted(conversation)));
            }
        }
        return costs;
    }

    private static Connection caller(World world) throws SQLException {
        var connection = world.database().connect(PostgresServer.SUPERUSER);
        try (var statement = connection.createStatement()) {
            statement.execute(
                    "set role authenticated; set request.jwt.claims = '{\"sub\": \"%s\", \"tenant_id\": \"%s\"}'"
                            .formatted(world.ada().userId(), world.ada().tenantId()));
        }
        return connection;
    }

    private static Cost cost(Connection connection, String call) throws SQLException, JsonProcessingException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "explain (analyze, buffers, timing off, format json) select * from history." + call)) {
            rows.next();
            var plan = JSON.readTree(rows.getString(1)).get(0).path("Plan");
            var faults = new TreeSet<String>();
            for (var warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                var text = String.valueOf(warning.getMessage());
                if (text.contains("plan:")) {
                    look(JSON.readTree(text.substring(text.indexOf('{'))).path("Plan"), faults);
                }
            }
            return new Cost(
                    plan.path("Shared Hit Blocks").asLong()
                            + plan.path("Shared Read Blocks").asLong(),
                    faults);
        }
    }

    private static void look(JsonNode plan, Set<String> faults) {
        var type = plan.path("Node Type").asText();
        var relation = plan.path("Relation Name").asText();
        if (type.equals("Seq Scan") && List.of("conversations", "messages").contains(relation)) {
            faults.add("a scan of all " + relation);
        }
        var sorted = new ArrayList<JsonNode>();
        plan.path("Plans").forEach(sorted::add);
        if (type.endsWith("Sort") && sorted.getFirst().path("Actual Rows").asDouble() > PAGE) {
            faults.add("a sort of " + sorted.getFirst().path("Actual Rows").asText() + " rows");
        }
        sorted.forEach(child -> look(child, faults));
    }
}
