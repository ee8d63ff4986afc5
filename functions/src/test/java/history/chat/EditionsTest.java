package history.chat;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.chat.model.ModelFailure;
import history.chat.model.ScriptedModel;
import history.chat.model.ScriptedModel.Script;
import history.fixture.Answer;
import history.fixture.Call;
import history.fixture.Person;
import history.fixture.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same walk of requests is answered alike before the migration, on arrays, and after it, on rows, but for what is listed here. */
final class EditionsTest {
    /** What limited mode refuses with a 503 of type migration-pending: an array has no place for it, or would be rewritten. */
    private static final Set<String> REFUSED = Set.copyOf("""
            list archived=true
            list label
            list scope=tenant
            get replaced
            patch metadata
            patch archived
            patch labels
            delete a message
            delete a message of no conversation
            delete a message of an unknown conversation
            resume
            Bob resumes the chat
            stop
            edit
            edit by sending
            send with other metadata
            send behind an earlier message
            send the result of a tool to what waits for none
            regenerate
            regenerate in an unknown chat
            """.lines().toList());

    /** What limited mode answers in another way, and why. */
    private static final Map<String, String> OTHERWISE = Map.of(
            "create another with the key", "a session has no hash of a body: the same key is the same request",
            "say in another conversation with a key of the first", "a key is known in the session that it was used in",
            "say nowhere with a key of a conversation", "the same",
            "list what was renamed", "a session has one time, which a new title changes too",
            "get what failed", "a failed attempt is a mark on its question, and is not counted");

    /** What no edition owes the other. */
    private static String comparable(String answer) {
        return answer.replaceAll("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}", "ID")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "TIME")
                .replaceAll("cursor=[^&>]+", "cursor=…")
                .replaceAll("\"revision\":\\d+", "\"revision\":…")
                .replaceAll(
                        "\"last_message_at\":(null|\"TIME\")",
                        "\"last_message_at\":…"); // of a session it is updated_at
    }

    /** Each is a section of editions.txt. */
    enum Walk {
        LISTS,
        CONVERSATIONS,
        NATIVE,
        FRONT_END,
        AI_SDK
    }

    private static final Pattern VARIABLE = Pattern.compile("\\$\\w+");
    private static final Chats LIMITED = chats(World.beforeMigration());
    private static final Chats ROWS = chats(World.create());

    private static Chats chats(World world) {
        return Chats.in(world, Map.of(), ScriptedModel.saying("One ", "answer"));
    }

    @AfterAll
    static void close() {
        LIMITED.close();
        ROWS.close();
    }

    @ParameterizedTest
    @EnumSource
    void areAnsweredAlike(Walk walk) throws Exception {
        var limited = new Steps(LIMITED).taken(walk);
        var rows = new Steps(ROWS).taken(walk);
        assertAll(rows.keySet().stream().map(name -> () -> {
            var answer = String.valueOf(limited.get(name));
            var wanted = String.valueOf(rows.get(name));
            if (REFUSED.contains(name)) {
                assertTrue(answer.matches("(?s)503\n.*retry-after: .*:migration-pending\".*"), name + ": " + answer);
                assertFalse(wanted.startsWith("5"), name + ": " + wanted);
            } else if (OTHERWISE.containsKey(name)) {
                assertNotEquals(wanted, answer, name + " is answered alike now");
                assertFalse(answer.startsWith("5"), name + ": " + answer);
            } else {
                assertEquals(wanted, answer, name + ", on rows and in limited mode");
            }
        }));
    }

    @Test
    void everyDifferenceIsOfAStep() {
        var names = Stream.of(Walk.values())
                .flatMap(walk -> section(walk.name()).stream())
                .map(line -> line.split(" \\| ", -1)[0])
                .collect(Collectors.toSet());
        assertTrue(names.containsAll(REFUSED) && names.containsAll(OTHERWISE.keySet()));
    }

    private static List<String> section(String name) {
        try (var file = Objects.requireNonNull(EditionsTest.class.getResourceAsStream("editions.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .dropWhile(line -> !line.equals("# " + name))
                    .skip(1)
                    .takeWhile(line -> !line.isEmpty())
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Takes the steps of a walk as two people who are new, Ada and Bob, and notes what was answered. */
    private static final class Steps {
        private static final List<String> HEADERS = List.of(
                "content-type",
                "etag",
                "idempotency-replayed",
                "link",
                "location",
                "retry-after",
                "x-vercel-ai-ui-message-stream");

        private final Chats chats;
        private final Person ada;
        private final Person bob;
        private final Map<String, String> known = new HashMap<>();
        private final Map<String, String> answers = new LinkedHashMap<>();

        Steps(Chats chats) throws SQLException {
            this.chats = chats;
            ada = chats.world().person(chats.world().ada().tenantId(), "user");
            bob = chats.world().person(chats.world().bob().tenantId(), "user");
        }

        Map<String, String> taken(Walk walk) {
            section("VARIABLES").forEach(line -> known.put(line.split(" = ", 2)[0], line.split(" = ", 2)[1]));
            section(walk.name()).forEach(this::take);
            return answers;
        }

        private void take(String line) {
            var fields = filled(line).split(" \\| ", -1);
            var call = call(fields[1].split(" ", 2));
            for (var field : List.of(fields).subList(2, fields.length)) {
                if (field.matches("[A-Z][\\w-]+: .*")) {
                    call = call.header(field.split(": ", 2)[0], field.split(": ", 2)[1]);
                } else if (!field.startsWith("-> ")) {
                    call = new Call(call.method(), call.path(), call.query(), call.headers(), field);
                }
            }
            if (line.endsWith("-> the next fails")) {
                chats.model()
                        .then(Script.says().thenFails(new ModelFailure.Failed("on purpose")))
                        .then(Script.says("One ", "answer"));
            }
            var answer = chats.api().call(call.as(line.startsWith("Bob ") ? bob : ada));
            Stream.of(fields).filter(field -> field.matches("-> \\w+ = .*")).forEach(field -> {
                var parts = field.substring(3).split(" = ", 2);
                known.put("$" + parts[0], part(answer, parts[1]));
            });
            var heads = HEADERS.stream()
                    .filter(answer.headers()::containsKey)
                    .map(name -> name + ": "
                            + (name.equals("etag") ? "…" : answer.headers().get(name)) + "\n")
                    .collect(Collectors.joining());
            assertNull(
                    answers.put(fields[0], comparable(answer.status() + "\n" + heads + answer.body())),
                    "twice: " + line);
        }

        private String filled(String line) {
            return VARIABLE.matcher(line)
                    .replaceAll(name -> Matcher.quoteReplacement(Objects.requireNonNull(known.get(name.group()))));
        }

        private static Call call(String[] request) {
            var target = request[1].replace("~", "/api/conversations").split("\\?", 2);
            var call = new Call(request[0], target[0], Map.of(), Map.of("Content-Type", "application/json"), null);
            for (var pair : target.length == 1 ? new String[0] : target[1].split("&", -1)) {
                call = call.query(
                        pair.split("=", 2)[0], URLDecoder.decode(pair.split("=", 2)[1], StandardCharsets.UTF_8));
            }
            return call;
        }

        private static String part(Answer answer, String where) {
            var found = switch (where) {
                case "etag" -> answer.header("etag");
                case "link" -> answer.header("link").map(link -> link.substring(1, link.indexOf('>')));
                case "conversationId" ->
                    Optional.of(answer.body().replaceFirst("(?s).*?\"conversationId\":\"([^\"]+)\".*", "$1"));
                default -> Optional.of(answer.json().at(where).asText());
            };
            return found.orElseThrow(() -> new AssertionError("no " + where + ": " + answer));
        }
    }
}
