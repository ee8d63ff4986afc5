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
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"one word", "the last line", "a message", "the line ends"})
    void storesNothingOfAFileThatWasChanged(String change) throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.PLAIN, Action.MIGRATE)) {
            var file = exported(old, OldDatabase.TENANT_A, OldDatabase.ADA);
            var lines = new ArrayList<>(Files.readAllLines(file));
            switch (change) {
                case "one word" -> lines.replaceAll(line -> line.replace("Hello", "Hallo"));
                case "a message" -> lines.remove(2);
                case "the line ends" -> lines.replaceAll(line -> line + "\r");
                default -> lines.removeLast();
            }
            Files.write(file, lines);

            var report = run(old, Action.IMPORT, OldDatabase.TENANT_B, OldDatabase.BOB, file);

            assertFalse(report.succeeded(), report::json);
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
