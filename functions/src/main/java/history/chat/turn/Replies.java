package history.chat.turn;

import static java.util.Objects.requireNonNull;

import history.auth.Caller;
import history.chat.model.ChatMessage;
import history.chat.model.ChatModel;
import history.chat.model.ModelConfig;
import history.chat.model.Prompt;
import history.conversation.ConversationRef;
import history.db.Database;
import history.http.Deadline;
import history.http.Problem;
import history.log.RequestLog;
import history.message.Message;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Answers questions: each is stored before the model is called, and only one request at a time has it answered.
 */
public final class Replies {
    private static final int RETRY_AFTER_SECONDS = 2;

    private final Turns turns;
    private final ChatModel model;
    private final ModelConfig config;
    private final Limits limits;

    public Replies(Database database, ChatModel model, ModelConfig config, Limits limits) {
        this.turns = new Turns(database);
        this.model = model;
        this.config = config;
        this.limits = limits;
    }

    /**
     * Throws a {@link Problem} when there is nothing to answer, or somebody else is answering.
     *
     * @param hash of the body that came with the key
     * @param url where a conversation can be loaded
     */
    public Reply to(
            Question question,
            Caller caller,
            Optional<String> key,
            String hash,
            Deadline deadline,
            Function<UUID, String> url) {
        var attempt = Attempt.within(config.timeout(), deadline);
        var claim = turns.claim(
                caller,
                question,
                attempt,
                key.orElse(null),
                key.isEmpty() ? null : hash,
                config.historyMessages() - 1,
                charactersBefore(question),
                limits);
        return switch (claim.decision()) {
            case GRANTED -> fresh(caller, question, attempt, claim);
            case ANSWERED -> new StoredReply(requireNonNull(claim.turn()), before(question));
            case BUSY ->
                throw Problem.conflict(
                        "This message, or one that it would replace, is being answered; load the conversation, and send it"
                                + " again if it is still needed.",
                        RETRY_AFTER_SECONDS);
            case MISSING -> throw Problem.notFound();
            case DELETED ->
                throw Problem.gone(
                        "What this id or Idempotency-Key names has been deleted or replaced; load what is there, and send"
                                + " a new message under a new one.");
            case HIDDEN -> throw new IllegalStateException(AnswerWriter.HIDDEN_FROM_ITS_USER);
            case UNKNOWN ->
                throw Problem.notFound(
                        "There is no such message in this conversation; load it, or send a new message.");
            case NOT_A_QUESTION ->
                throw Problem.invalid(
                        pointer(question),
                        "is none of the user's messages; edit one of those, or regenerate its answer.");
            case NO_RESULT -> throw Problem.invalid("/messages", claim.why());
            case ELSEWHERE ->
                throw Problem.elsewhere(
                        "None of these messages is known here; load the conversation and send the new one again.",
                        url.apply(requireNonNull(claim.conversation())));
            case NOTHING -> throw Problem.invalid("/messages", "There is no question to answer; send one first.");
            case REPLACED ->
                throw Problem.invalid(
                        pointer(question),
                        question.trigger() == Question.Trigger.CONTINUE
                                ? "A tool's result is taken only for the last answer, which this is not; load the conversation again."
                                : "This message is no longer part of the conversation; load it again.");
            case OTHER_REQUEST ->
                throw Problem.invalid("", "This Idempotency-Key was used with another body; use a new key.");
        };
    }

    /** Where the message is named; that an answer goes on is told by the list alone, also where its id is repeated beside it. */
    private static String pointer(Question question) {
        return question.target() == null || question.trigger() == Question.Trigger.CONTINUE
                ? "/messages"
                : "/messageId";
    }

    /** The text that the client already has, when an answer is continued. */
    private static String before(Question question) {
        Said said = question.said();
        return said != null && question.trigger() == Question.Trigger.CONTINUE ? said.text() : "";
    }

    private int charactersBefore(Question question) {
        Said said = question.said();
        int own = said == null ? 0 : said.text().length();
        return Math.max(0, config.historyCharacters() - own);
    }

    private Reply fresh(Caller caller, Question question, Attempt attempt, Turns.Claim claim) {
        ModelOptions options = question.options();
        var turn = requireNonNull(claim.turn());
        var messages = new ArrayList<>(claim.seen());
        messages.add(Spoken.of(turn.question()));
        if (question.trigger() == Question.Trigger.CONTINUE) {
            messages.add(Spoken.ofAnswer(turn.answer()));
            messages.add(ChatMessage.user("Go on with these results."));
        }
        var prompt = new Prompt(
                config.systemPrompt(),
                messages,
                options.model(),
                options.temperature(),
                options.maxTokens(),
                attempt.modelTimeLeft());
        RequestLog.current().put("model", options.model());
        return new FreshReply(model, prompt, new AnswerWriter(caller, turns, turn, attempt), claim.quota());
    }

    /** Ends the running answer of a chat, whichever function runs it; absent when there is none. */
    public static Optional<Message> stop(ConversationRef chat, Caller caller, Database database) {
        return new Turns(database).stop(caller, chat);
    }

    /** The last answer of a chat, if another call is producing it at the moment. */
    public static Optional<Reply> running(ConversationRef chat, Caller caller, Database database, Deadline deadline) {
        var turns = new Turns(database);
        return turns.running(caller, chat)
                .map(first -> new FollowedReply(first, () -> turns.progress(caller, first), deadline));
    }
}
