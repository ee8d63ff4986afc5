package history.chat.model;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A model behind HTTP: one request per answer, closed at the time limit or when it is stopped. */
final class RemoteModel implements ChatModel {
    private static final System.Logger LOG = System.getLogger(RemoteModel.class.getName());
    private static final Pattern ERROR_CODE = Pattern.compile("\"(?:code|type)\"\\s*:\\s*\"([a-zA-Z0-9_.]{1,60})\"");
    private static final Pattern SECONDS = Pattern.compile("\\d+(\\.\\d*)?");

    /** Today's form of a date in HTTP and its two old ones. */
    private static final DateTimeFormatter DATE = new DateTimeFormatterBuilder()
            .appendOptional(DateTimeFormatter.RFC_1123_DATE_TIME)
            .appendOptional(DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.ENGLISH))
            .appendOptional(DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH))
            .toFormatter(Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final ModelConfig config;
    private volatile Protocol protocol;

    RemoteModel(ModelConfig config, Protocol protocol) {
        this.config = config;
        this.protocol = protocol;
    }

    @Override
    public Completion answer(Prompt prompt, Transcript transcript) {
        var limit = TimeLimit.after(
                prompt.timeLimit().compareTo(config.timeout()) < 0 ? prompt.timeLimit() : config.timeout(),
                transcript::isStopped);
        try {
            return answer(prompt, limit, transcript);
        } catch (ModelFailure.Refused refusal) {
            if (!prompt.hasImages() || !transcript.text().isEmpty()) {
                throw refusal;
            }
            // An image that the provider refuses, in whatever way, would make every later turn fail too.
            return answer(prompt.asText(), limit, transcript);
        }
    }

    private Completion answer(Prompt prompt, TimeLimit limit, Transcript transcript) {
        var answer = new CompletionBuilder(prompt.model(), limit, transcript);
        try (var connection = connect(protocol, prompt, limit)) {
            checkHeaders(connection);
            read(connection, answer, limit);
        }
        return answer.complete();
    }

    /** Writes a request and signs it. */
    @Override
    public boolean prime() {
        var hello = new Prompt(
                null, List.of(ChatMessage.user("Hello")), config.model(), null, config.maxTokens(), config.timeout());
        protocol.request(hello, TimeLimit.after(config.timeout(), () -> false));
        return true;
    }

    private Connection connect(Protocol asked, Prompt prompt, TimeLimit limit) {
        var connection = Connection.open(asked.request(prompt, limit), limit);
        if (connection.status() == 200) {
            return connection;
        }
        Protocol other;
        try (connection) {
            var body = connection.errorBody();
            other = asked.conceding(connection.status(), body);
            if (other == null) {
                throw failure(connection, body);
            }
        }
        var second = connect(other, prompt, limit);
        protocol = other;
        return second;
    }

    private void checkHeaders(Connection connection) {
        var type = connection.headers().firstValue("content-type").orElse("");
        if (!type.regionMatches(
                true, 0, protocol.contentType(), 0, protocol.contentType().length())) {
            throw new ModelFailure.Refused("The model's server does not stream its answers");
        }
        if (connection.headers().firstValue("content-encoding").stream()
                .anyMatch(it -> !it.equalsIgnoreCase("identity"))) {
            throw new ModelFailure.Failed("The model's server compressed its answer, which nobody asked for");
        }
    }

    /** A failure after the end of the answer is ignored: the answer is complete. */
    private void read(Connection connection, CompletionBuilder answer, TimeLimit limit) {
        try {
            protocol.read(connection.body(), answer);
        } catch (ModelFailure | IOException e) {
            if (answer.isFinished()) {
                return;
            }
            if (e instanceof ModelFailure failure) {
                throw failure;
            }
            limit.nextWait(); // it was the limit that closed the connection
            throw new ModelFailure.Failed("The connection to the model broke", e);
        }
    }

    /** Logs only the provider's error code: its error text may repeat the conversation or a part of the key. */
    private static ModelFailure failure(Connection connection, String body) {
        var status = connection.status();
        LOG.log(WARNING, "The model''s server answered {0} {1}", status, errorCode(connection, body));
        return switch (status) {
            case 429, 503, 529 ->
                new ModelFailure.RateLimited(retryAfter(
                        connection.headers().firstValue("retry-after").orElse("")));
            case 401 -> new ModelFailure.Failed("The model's server does not accept the configured key");
            case 403 ->
                new ModelFailure.Refused("The model's server does not accept the configured key or the request");
            case 404 -> new ModelFailure.Refused("The model's server does not know the model or the path");
            case 400, 413, 415, 422 -> new ModelFailure.Refused("The model's server refused the request");
            case 502, 504 -> new ModelFailure.Failed("The model's server answered with status " + status);
            default -> new ModelFailure.Refused("The model's server answered with status " + status);
        };
    }

    private static String errorCode(Connection connection, String body) {
        var code = ERROR_CODE.matcher(body);
        return code.find()
                ? code.group(1)
                : connection.headers().firstValue("x-amzn-errortype").orElse("");
    }

    /** Seconds or a date (RFC 9110, 5.6.7 and 10.2.3); null for anything else. */
    static @Nullable Duration retryAfter(String value) {
        var text = value.strip();
        if (SECONDS.matcher(text).matches()) {
            return Duration.ofMillis((long) Math.ceil(Double.parseDouble(text) * 1000));
        }
        try {
            var wait = Duration.between(Instant.now(), DATE.parse(text, Instant::from));
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
