package history.bench;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** The real handlers, with events as API Gateway sends them. */
final class Functions implements Side {
    private static final Pattern CONVERSATION = Pattern.compile("conversation_id\\\\\":\\\\\"([0-9a-f-]{36})");

    static final int AGAIN = 20;

    private final String name;
    private final Stand stand;
    private final BiFunction<Action, Integer, String> bearers;
    private final Map<Action, RequestStreamHandler> handlers = new EnumMap<>(Action.class);
    private final AtomicLong number = new AtomicLong();
    private final String[] chats = new String[Stand.CALLERS];
    private final int[] turns = new int[Stand.CALLERS];
    private String lists = "";

    Functions(String name, Stand stand, int port) throws ReflectiveOperationException {
        this(
                name,
                stand,
                port,
                Functions.class.getClassLoader(),
                (action, caller) -> String.valueOf(stand.person(action, caller).bearer()));
    }

    /** @param bearers what a caller's next request has for Authorization */
    Functions(String name, Stand stand, int port, ClassLoader loader, BiFunction<Action, Integer, String> bearers)
            throws ReflectiveOperationException {
        this.name = name;
        this.stand = stand;
        this.bearers = bearers;
        for (var action : Action.values()) {
            var constructor = Class.forName(action.handler, true, loader).getDeclaredConstructor(Map.class);
            constructor.setAccessible(true);
            handlers.put(action, (RequestStreamHandler) constructor.newInstance(stand.environment(port)));
        }
        Arrays.fill(chats, "");
    }

    /** So many conversations in an answer, however many the user has. */
    Functions listing(int limit) {
        lists = "\"queryStringParameters\":{\"limit\":\"%d\"},".formatted(limit);
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void call(Action action, int caller) throws Exception {
        var answer = answer(action, caller);
        // Sixteen callers that wait for five connections of a busy machine may be told to come again; the time counts.
        for (var i = 0; i < AGAIN && answer.startsWith("{\"statusCode\":503"); i++) {
            answer = answer(action, caller);
        }
        if (!answer.startsWith("{\"statusCode\":20")) {
            throw new IllegalStateException(action + ": " + answer);
        }
        if (action == Action.CHAT) {
            turned(answer, caller);
        }
    }

    private String answer(Action action, int caller) throws IOException {
        var output = new ByteArrayOutputStream(32_000);
        Objects.requireNonNull(handlers.get(action))
                .handleRequest(new ByteArrayInputStream(event(action, caller)), output, null);
        return output.toString(StandardCharsets.UTF_8);
    }

    private void turned(String answer, int caller) {
        turns[caller] = (turns[caller] + 1) % Action.TURNS;
        var conversation = CONVERSATION.matcher(answer);
        chats[caller] = turns[caller] > 0 && conversation.find() ? conversation.group(1) : "";
    }

    private byte[] event(Action action, int caller) {
        var id = stand.target(action, caller);
        return """
                {"version":"2.0","rawPath":"%1$s","headers":{"authorization":"%2$s","content-type":"application/json"},\
                "pathParameters":{"id":"%3$s"},%6$s"requestContext":{"http":{"method":"%4$s","path":"%1$s"},\
                "requestId":"r","stage":"$default"},"body":"%5$s","isBase64Encoded":false}""".formatted(
                        action.path(id),
                        bearers.apply(action, caller),
                        id,
                        action.method,
                        action.body(number.incrementAndGet(), chats[caller]).replace("\"", "\\\""),
                        action == Action.LIST ? lists : "")
                .getBytes(StandardCharsets.UTF_8);
    }
}
