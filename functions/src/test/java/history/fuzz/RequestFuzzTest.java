package history.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import history.fixture.Call;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies, ids, cursors, versions and keys of somebody who may call. */
final class RequestFuzzTest {
    static Stream<Arguments> answersWhateverACallerSends() {
        var created = Target.callAsAda(Call.post("/api/conversations", "{\"title\":\"a\"}"));
        var id = created.json().path("id").asText();
        Target.callAsAda(Call.post("/api/conversations", "{}"));
        var link = Target.callAsAda(Call.get("/api/conversations").query("limit", "1"))
                .link("next")
                .orElseThrow();
        var cursor = link.substring(link.indexOf("cursor=") + "cursor=".length());
        var etag = created.header("etag").orElseThrow();
        return Stream.of(
                Arguments.of(
                        0,
                        id,
                        "{\"title\":\"b\",\"metadata\":{\"a\":{\"b\":[1,2.50,null,true,\"\\u0000\"]}}}",
                        "1",
                        cursor,
                        etag,
                        "key-1"),
                Arguments.of(1, id, "{\"metadata\":{\"a\":null,\"c\":{\"d\":1e400}}}", "100", "", "*", "k"),
                Arguments.of(2, id, "{\"metadata\":null,\"title\":null}", "+07", "x", "W/\"1\", \"2\"", ""),
                Arguments.of(3, "16characterChatId", "", "-1", cursor.substring(1), "\"" + "z".repeat(13) + "\"", "é"),
                Arguments.of(
                        1,
                        id,
                        "{\"metadata\":{\"a\":[1e131071,-1e-1001,0e99999,1e99999999999]}}",
                        "1e9",
                        "",
                        "\"a,b\"",
                        "k2"),
                Arguments.of(
                        0,
                        "a\r\nb",
                        "{\"metadata\":" + "{\"a\":".repeat(700) + "1" + "}".repeat(701),
                        "1",
                        "",
                        "W/",
                        "k"),
                Arguments.of(3, "a b%20c?#<>\"\\", "\uFEFF{}", "1", "", "", "ui"),
                Arguments.of(4, id, "[]", "9999999999", cursor + "A", "\"\"", "\u0000"),
                Arguments.of(5, "\ud800", "{\"title\":\"\ud800\"}", "", "", "", "\ud800"));
    }

    @MethodSource
    @FuzzTest
    void answersWhateverACallerSends(
            int which,
            @NotNull String id,
            @NotNull String body,
            @NotNull String number,
            @NotNull String cursor,
            @NotNull String match,
            @NotNull String key) {
        var one = "/api/conversations/" + (id.isEmpty() || id.contains("/") ? "-" : id);
        Target.callAsAda(
                switch (Math.floorMod(which, 6)) {
                    case 0 -> Call.patch(one, body).header("If-Match", match);
                    case 1 -> Call.post("/api/conversations", body).header("Idempotency-Key", key);
                    case 2 ->
                        Call.get("/api/conversations")
                                .query("limit", number)
                                .query("cursor", cursor)
                                .header("If-None-Match", match);
                    case 3 ->
                        Call.get(one)
                                .query("limit", number)
                                .query("before", number)
                                .query("format", key.isEmpty() ? "" : "ui-messages");
                    case 4 -> Call.delete(one).header("If-Match", match.isEmpty() ? "\"0\"" : match);
                    default ->
                        Call.get("/api/conversations").query("scope", key).query("cursor", cursor);
                });
    }
}
