package history.chat.turn;

import history.chat.model.ChatModel;
import history.chat.model.ModelFailure;
import history.chat.model.Prompt;
import history.chat.model.Transcript;
import history.failure.Failure;
import history.log.RequestLog;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * An answer that is delivered while the model produces it. If the client goes away, the answer is stored all the same.
 *
 * @param headers what is left of the limits
 */
record FreshReply(ChatModel model, Prompt prompt, AnswerWriter writer, Map<String, String> headers) implements Reply {
    private static final System.Logger LOG = System.getLogger(FreshReply.class.getName());
    private static final Duration FLUSH_INTERVAL = Duration.ofSeconds(1);

    @Override
    public Turn turn() {
        return writer.turn();
    }

    @Override
    public Outcome deliver(Consumer<String> onDelta) {
        var log = RequestLog.current();
        var transcript = new Transcript(piece -> {
            log.piece();
            onDelta.accept(piece);
        });
        Ending ending;
        try (var _ = new Heartbeat("storing what has arrived of an answer", FLUSH_INTERVAL, () -> flush(transcript))) {
            ending = ask(transcript);
        }
        if (ending.problem() != null) {
            log.put("model_failures", 1);
            LOG.log(System.Logger.Level.WARNING, ending.details().path("reason").asText());
        }
        return writer.finish(ending);
    }

    private void flush(Transcript transcript) {
        if (!writer.flush(transcript.text())) {
            transcript.stop();
        }
    }

    private Ending ask(Transcript transcript) {
        try {
            var completion = model.answer(prompt, transcript);
            if (completion.usage() != null) {
                RequestLog.current().put("input_tokens", completion.usage().input());
                RequestLog.current().put("output_tokens", completion.usage().output());
            }
            return Ending.of(completion);
        } catch (ModelFailure failure) {
            if (failure.getCause() != null) { // whose message may repeat what arrived
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the model's client: "
                                + Failure.root(failure).getClass().getName());
            }
            return Ending.of(transcript.text(), failure);
        } catch (RuntimeException bug) {
            LOG.log(System.Logger.Level.ERROR, "the model's client failed", bug);
            return Ending.of(transcript.text(), new ModelFailure.Failed("The model cannot be used", bug));
        }
    }
}
