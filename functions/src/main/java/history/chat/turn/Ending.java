package history.chat.turn;

import com.fasterxml.jackson.databind.node.ObjectNode;
import history.chat.model.Completion;
import history.chat.model.Completion.FinishReason;
import history.chat.model.ModelFailure;
import history.db.Timestamps;
import history.http.Problem;
import history.text.Blank;
import history.text.Json;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended.
 *
 * @param content what the model said, even if it was cut off
 * @param details stored with the status
 * @param problem what the caller is told; null when the answer is complete or was stopped
 */
record Ending(
        Status status,
        String content,
        ObjectNode details,
        @Nullable Problem problem) {
    private static final int RETRY_AFTER_SECONDS = 5;
    private static final int MAX_RETRY_AFTER_SECONDS = 24 * 60 * 60;

    /** The state of an answer that is not running any more. */
    enum Status {
        COMPLETED,
        /** Something arrived, then it was cut off. */
        INCOMPLETE,
        /** Nothing arrived. */
        FAILED,
        /** A user stopped it. */
        STOPPED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Ending of(Completion completion) {
        if (Blank.is(completion.text())) {
            boolean refused = completion.finishReason() == FinishReason.REFUSED;
            return of("", new ModelFailure.Failed(refused ? "The model declined to answer" : "The model said nothing"));
        }
        var details = Json.MAPPER
                .createObjectNode()
                .put("model", completion.model())
                .put("finish_reason", completion.finishReason().text());
        if (completion.usage() != null) {
            details.putObject("usage")
                    .put("input_tokens", completion.usage().input())
                    .put("output_tokens", completion.usage().output());
        }
        return new Ending(Status.COMPLETED, completion.text(), details, null);
    }

    static Ending of(String content, ModelFailure failure) {
        var details = Json.MAPPER.createObjectNode();
        if (failure instanceof ModelFailure.Stopped) {
            return new Ending(Status.STOPPED, content, details, null);
        }
        String seen = Blank.is(content) ? "" : content;
        details.put("reason", failure.getMessage());
        return new Ending(seen.isEmpty() ? Status.FAILED : Status.INCOMPLETE, seen, details, problem(failure));
    }

    /** The same with the text that the answer already had, when it continues one. */
    Ending after(String before) {
        return new Ending(status, before + content, details, problem);
    }

    private static Problem problem(ModelFailure failure) {
        String detail = detail(failure, "");
        return switch (failure) {
            case ModelFailure.RateLimited limited ->
                Problem.rateLimited(detail(failure, " in " + seconds(limited) + " s"), seconds(limited));
            case ModelFailure.TimedOut _ -> Problem.modelTimedOut(detail);
            case ModelFailure.Failed _, ModelFailure.Stopped _ -> Problem.modelFailed(detail);
        };
    }

    private static String detail(ModelFailure failure, String when) {
        return failure.getMessage() + ". Your message is stored; send it again" + when + " to get an answer.";
    }

    private static int seconds(ModelFailure.RateLimited limited) {
        return limited.retryAfter()
                .map(wait -> Math.clamp(wait.plusMillis(999).toSeconds(), 1, MAX_RETRY_AFTER_SECONDS))
                .orElse(RETRY_AFTER_SECONDS);
    }

    /** As stored with the status: the details, and when it ended. */
    String metadata() {
        return Json.MAPPER
                .createObjectNode()
                .put("completed_at", Timestamps.format(Instant.now()))
                .setAll(details)
                .toString();
    }
}
