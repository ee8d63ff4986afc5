package history.chat;

import static history.chat.UserMessages.submit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import history.chat.model.ModelFailure;
import history.chat.model.ScriptedModel;
import history.chat.model.ScriptedModel.Script;
import history.fixture.Answer;
import history.fixture.Call;
import history.text.Blank;
import java.text.Bidi;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What nobody can see is nothing: no message, no title and no answer. */
final class BlankTest {
    private static final List<String> UNSEEN = List.of(
            "",
            " \n\t",
            "\u00a0",
            "\u200b",
            "\u2060\ufeff",
            "\u3164",
            "\u115f\u1160",
            "\uffa0",
            "\u2800",
            "\u00ad",
            "\u034f",
            "\u202e",
            "\u2066\u2069",
            "\u180e",
            "\u17b4",
            "\ufe0f",
            "\u2028",
            "\u3000",
            "\udb40\udc41",
            "\udb40\udd00",
            "\u0007",
            "\ud834\udd59",
            "\u0301",
            "\u0600",
            "\ufffc",
            "\u20e3\ufe0f",
            " \u200d\u3164\u2800 ");

    @Test
    void noMessageAndNoTitleConsistsOfIt() {
        try (var chats = Chats.with(Script.says("Hello"))) {
            for (String unseen : UNSEEN) {
                var text = new JsonMapper().valueToTree(unseen).toString();
                for (String body : List.of(
                        "{\"message\":" + text + "}",
                        "{\"messages\":[{\"role\":\"user\",\"content\":" + text + "}]}",
                        "{\"id\":\"c\",\"messages\":[{\"id\":\"m\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":"
                                + text + "}]}]}")) {
                    assertEquals(422, chats.send(body).status(), body);
                }
                Call titled = Call.post("/api/conversations", "{\"title\":" + text + "}");
                assertEquals(
                        422, chats.api().call(titled.as(chats.world().ada())).status(), text);
            }
            assertEquals(List.of(), chats.rows());
            assertEquals(0, chats.model().calls());
        }
    }

    @Test
    void anAnswerOfItHasFailedAndIsNeverSentToAModelAgain() {
        for (String unseen : List.of("\u200b\u200b", " \n", "\u3164")) {
            var model = new ScriptedModel(
                    Script.says(unseen),
                    Script.says(unseen).thenFails(new ModelFailure.Failed("broke")),
                    Script.says("Hello"));
            try (var chats = Chats.with(Map.of(), model)) {
                Answer answer = chats.send(submit("fxdiMJBq7aYLXZRi", "m1", "Hi"));
                assertTrue(answer.body().contains("\"type\":\"error\""), answer.body());
                assertEquals(List.of("user: Hi", "assistant:  (failed)"), chats.rows());
                chats.send(submit("fxdiMJBq7aYLXZRi", "m1", "Hi"));
                assertEquals(List.of("user: Hi", "assistant:  (failed)"), chats.rows());
                chats.send(submit("fxdiMJBq7aYLXZRi", "m2", "Again"));
                assertFalse(
                        model.prompts().getLast().messages().stream().anyMatch(message -> Blank.is(message.content())));
            }
        }
    }

    @Test
    void aTitleIsOfWordsThatCanBeSeen() {
        assertEquals("Hello World", titleOf("\u3164 \u200b Hello\u00a0World \u2800"));
        assertEquals("a b c d e f", titleOf("a\tb  c\u3000d\u2028e f g"));
        assertEquals("Hello [31mWorld", titleOf("\ufeffHel\u0001lo \u001b[31mWor\u200bld\u2060 \u0007"));
    }

    @Test
    void aTitleIsCutBetweenTheCharactersThatAReaderSees() {
        var cluster = Pattern.compile("\\X");
        for (String last : List.of(
                "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\u200d\ud83d\udc66", // a family
                "\ud83c\udde9\ud83c\uddea", // a flag
                "\ud83d\udc4d\ud83c\udffd", // a skin tone
                "\ud83c\udff4\udb40\udc67\udb40\udc62\udb40\udc65\udb40\udc6e\udb40\udc67\udb40\udc7f", // a flag of
                // tags
                "1\ufe0f\u20e3", // a key
                "e\u0301\u0323",
                "\u1100\u1161\u11a8", // a syllable of Hangul
                "\u0928\u093f",
                "\u0e01\u0e33\u0e49".substring(0, 1) + "\u0e35\u0e49")) {
            for (int before = 255 - last.codePointCount(0, last.length()) - 1; before <= 256; before++) {
                var text = "a".repeat(before) + last.repeat(3) + "b".repeat(300);
                var title = titleOf(text);
                assertTrue(text.startsWith(title) && title.codePointCount(0, title.length()) <= 255, title);
                var clusters = cluster.matcher(text)
                        .results()
                        .map(found -> found.end())
                        .collect(Collectors.toSet());
                assertTrue(clusters.contains(title.length()), () -> title.length() + " is within a cluster of " + last);
                assertTrue(title.length() >= before - 4 || before > 251, title);
            }
        }
    }

    @Test
    void aTitleTurnsNothingThatStandsBehindIt() {
        for (String turning : List.of("\u202e", "\u202d", "\u202a", "\u2067", "\u2066", "\u2068")) {
            var title = titleOf("safe " + turning + "gpj.exe of " + turning + "mine");
            var line = title + " | the next";
            assertFalse(title.contains(turning));
            assertTrue(new Bidi(line, Bidi.DIRECTION_LEFT_TO_RIGHT).isLeftToRight(), line);
        }
    }

    private static String titleOf(String text) {
        return WORLD.titleOf(text);
    }

    /** One database for all titles. */
    private static final Titles WORLD = new Titles();

    private static final class Titles {
        private final Chats chats = Chats.with(Script.says("Hello"));

        String titleOf(String text) {
            return chats.query("select history.first_words(" + literal(text) + ")")
                    .getFirst();
        }
    }

    private static String literal(String text) {
        return '\'' + text.replace("'", "''") + '\'';
    }

    @Test
    void javaAndTheDatabaseMeanTheSameByIt() {
        var unseen = WORLD.chats.query("select n from generate_series(1, 1114111) n"
                + " where n not between 55296 and 57343 and chr(n) ~ history.unseen() order by n");
        var blank = IntStream.rangeClosed(1, Character.MAX_CODE_POINT)
                .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                .filter(point -> Blank.is(Character.toString(point)))
                .mapToObj(Integer::toString)
                .toList();
        assertEquals(blank, unseen);
    }
}
