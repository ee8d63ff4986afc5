package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TransferTest {
    /** A replaced version and answer with usage, and what refers to them. */
    private static final String VERSIONS = """
            set role owner_plain;
            set search_path = history_maintenance, pg_temp;
            update public.conversations set labels = '{a,b}', archived = true, revision = 7 where title = 'as the application writes it';
            update history.quarantine set original = element, element = '"edited"' where reason = 'not_an_object';
            with q as (
                insert into public.messages (tenant_id, conversation_id, user_id, seq, role, content, current, client_id, request_key)
                select tenant_id, id, user_id, last_seq + 1, 'user', 'first words', false, 'c1', 'k1'
                from public.conversations where title = 'as the application writes it' returning *)
            insert into public.messages (tenant_id, conversation_id, user_id, seq, role, content, current, reply_to, metadata, model,
                input_tokens, output_tokens, parts)
            select tenant_id, conversation_id, user_id, seq + 1, 'assistant', 'first answer', false, id,
                jsonb_build_object('version_of', id, 'reply_to', id, 'x', id), 'm', 1, 2, '["part"]' from q""";

    @TempDir
    private Path folder;

    private static Report run(OldDatabase old, Action action, String tenant, String user, Path file) {
        return Migration.of(old.environment())
                .run(new Order(action, "", false, UUID.fromString(tenant), UUID.fromString(user), file));
    }

    private Path exported(OldDatabase old, String tenant, String user) {
        var file = folder.resolve(UUID.randomUUID() + ".ndjson");
        var report = run(old, Action.EXPORT, tenant, user, file);
        assertTrue(report.succeeded(), report::json);
        return file;
    }

    /** Each conversation with what is in it; ids as the place of what they name. */
    private static List<String> withoutIds(Path file) throws Exception {
        var ids = new HashMap<String, String>();
        var conversations = new TreeMap<String, List<ObjectNode>>();
        for (var line : Files.readAllLines(file)) {
            var node = Report.parse(line);
            var isConversation = node.path("type").asText().equals("conversation");
            ids.put(
                    node.path("id").asText(),
                    isConversation ? "its" : node.path("seq").asText());
            conversations
                    .computeIfAbsent(
                            node.path(isConversation ? "id" : "conversation_id").asText(), id -> new ArrayList<>())
                    .add(node);
        }
        return conversations.values().stream()
                .flatMap(List::stream)
                .filter(node -> !node.path("type").asText().equals("manifest"))
                .map(node -> {
                    node.remove(List.of("id", "conversation_id", "tenant_id", "user_id"));
                    replace(node, "reply_to", ids);
                    for (var name : List.of("reply_to", "version_of")) {
                        replace(node.path("metadata"), name, ids);
                    }
                    return node.toString();
                })
                .sorted()
                .toList();
    }

    private static void replace(JsonNode node, String name, Map<String, String> ids) {
        if (node.path(name).isTextual() && node instanceof ObjectNode object) {
            object.put(name, ids.getOrDefault(node.path(name).asText(), "unknown"));
        }
    }

    @Test
    void isEqualButForIdsInAnotherTenantAndDatabase() throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V15, Owner.PLAIN, Action.MIGRATE, VERSIONS);
                var other = OldDatabase.empty(PostgresVersion.V18, Owner.PLAIN, Action.MIGRATE, Action.COMPLETE)) {
            var file = exported(old, OldDatabase.TENANT_A, OldDatabase.ADA);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            try (var beside = Files.list(folder)) {
                assertEquals(List.of(file), beside.toList());
            }
            var lines = withoutIds(file);
            assertTrue(lines.size() > 80, lines.size() + " lines");

            for (var target : List.of(old, other)) {
                var before = Integer.parseInt(target.value("select count(*) from conversations"));
                for (var time = 1; time <= 2; time++) {
                    var report = run(target, Action.IMPORT, OldDatabase.TENANT_B, OldDatabase.BOB, file);
                    assertTrue(report.succeeded(), report::json);
                    assertEquals(before + 18, Integer.parseInt(target.value("select count(*) from conversations")));
                }
                target.execute("delete from conversations where title = 'Bob'");
                assertEquals(lines, withoutIds(exported(target, OldDatabase.TENANT_B, OldDatabase.BOB)));
                target.succeed(Action.VERIFY);
                assertEquals("2", target.value("""
                        select count(*) from history.labelled where user_id = '%s'""".formatted(OldDatabase.BOB)));
            }
        }
    }

    /** What PostgreSQL takes and JSON libraries refuse unless they are told otherwise. */
    @Test
    void takesWhateverAnArrayHeld() throws Exception {
        var elements = """
                update public.chat_sessions set messages = jsonb_build_array(
                    jsonb_build_object('role', 'user', 'content', repeat('x', 30000000), 'n', repeat('9', 1001)::numeric),
                    jsonb_build_object('role', 'user', 'content', 'x', 'n', ('0.' || repeat('7', 1500) || '0')::numeric),
                    '{"role": "user", "content": "x", "n": 1e1200, "small": -1.50e-1200}',
                    jsonb_build_object('role', 'user', 'content', 'x', 'deep', (repeat('[', 3000) || repeat(']', 3000))::jsonb),
                    jsonb_build_object(repeat('k', 60000), 1, 'deep', (repeat('{"a":', 1200) || '1' || repeat('}', 1200))::jsonb))
                where title = 'as the application writes it'""";
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V15, Owner.PLAIN, elements, Action.MIGRATE)) {
            var file = exported(old, OldDatabase.TENANT_A, OldDatabase.ADA);
            var report = run(old, Action.IMPORT, OldDatabase.TENANT_B, OldDatabase.BOB, file);
            assertTrue(report.succeeded(), report::json);
            assertEquals("2 1", old.value("""
                    select count(*) || ' ' || count(distinct messages::text) from conversations
                    where title = 'as the application writes it'"""));
            old.succeed(Action.VERIFY);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "one word, sha256 differs from its manifest",
        "the last line, 'the last of its [0-9]+ lines is no manifest'",
        "half of the last line, line [0-9]+ is none of an export",
        "a message, lines differs from its manifest",
        "all, the last of its 0 lines is no manifest",
        "the text, line 1 is none of an export",
        "the line ends, sha256 differs from its manifest"
    })
    void storesNothingOfAFileThatWasChanged(String change, String said) throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.PLAIN, Action.MIGRATE)) {
            var file = exported(old, OldDatabase.TENANT_A, OldDatabase.ADA);
            var lines = new ArrayList<>(Files.readAllLines(file));
            switch (change) {
                case "one word" -> lines.replaceAll(line -> line.replace("Hello", "Hallo"));
                case "a message" -> lines.remove(2);
                case "all" -> lines.clear();
                case "the text" -> lines.addFirst("\u0000PNG");
                case "half of the last line" -> lines.add(lines.removeLast().substring(0, 50));
                case "the line ends" -> lines.replaceAll(line -> line + "\r");
                default -> lines.removeLast();
            }
            Files.write(file, lines);

            var report = run(old, Action.IMPORT, OldDatabase.TENANT_B, OldDatabase.BOB, file);

            assertFalse(report.succeeded(), report::json);
            var words = report.steps().getLast().detail();
            assertTrue(
                    words.matches("%s is no export, or was cut or changed: %s. Nothing was imported; export it again"
                            .formatted(file, said)),
                    words);
            assertEquals("19", old.value("select count(*) from conversations"));
        }
    }

    @Test
    void saysWhyAFileCannotBeReadOrWritten() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.PLAIN, Action.MIGRATE)) {
            var missing = folder.resolve("missing");
            for (var action : List.of(Action.EXPORT, Action.IMPORT)) {
                var file = action == Action.EXPORT ? missing.resolve("ada.ndjson") : missing;
                var report = run(old, action, OldDatabase.TENANT_B, OldDatabase.BOB, file);
                assertFalse(report.succeeded(), report::json);
                var said = report.steps().getLast().detail();
                assertTrue(said.startsWith(file + " cannot be read or written: NoSuchFileException: "), said);
            }
        }
    }
}
