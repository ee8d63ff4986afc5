package history.chat.turn;

import static history.failure.Failure.Kind.NOT_MIGRATED;

import history.auth.Caller;
import history.chat.model.ChatMessage;
import history.chat.model.ChatModel;
import history.chat.model.ModelConfig;
import history.chat.model.Prompt;
import history.chat.turn.ChatStore.Claim;
import history.chat.turn.ChatStore.Wish;
import history.conversation.ConversationRef;
import history.conversation.Uuid7;
import history.db.Database;
import history.failure.Failure;
import history.http.Deadline;
import history.http.Problem;
import java.util.ArrayList;
import java.util.Optional;

/**
 * Gives a question its reply: the question is stored before anybody is asked, and one request at a time has it answered.
 *
 * <p>Each call asks the tables first, so that a function which was warm during the migration goes on without an error.
 */
public final class Replies {
    private static final int RETRY_AFTER_SECONDS = 2;

    private final ChatStore tables;
    private final ChatStore sessions;
    private final ChatModel model;
    private final ModelConfig config;

    public Replies(Database database, ChatModel model, ModelConfig config) {
        this.tables = new Turns(database);
        this.sessions = new SessionChats(database);
        this.model = model;
        this.config = config;
    }

    /**
     * Throws a {@link Problem} when there is nothing to answer, or somebody else is answering.
     *
     * @param hash of the body that came with the key
     */
    public Reply to(Question question, Caller caller, Optional<String> key, String hash, Deadline deadline) {
        var attempt = Attempt.within(config.timeout(), deadline);
        var wish =
                new Wish(question, attempt, Uuid7.next(), Uuid7.next(), key.orElse(null), key.isEmpty() ? null : hash);
        try {
            return to(wish, caller, tables);
        } catch (Failure failure) {
            failure.throwUnless(NOT_MIGRATED);
            return to(wish, caller, sessions);
        }
    }

    private Reply to(Wish wish, Caller caller, ChatStore store) {
        int characters = charactersBefore(wish.question());
        return switch (store.claim(caller, wish, config.historyMessages() - 1, characters)) {
            case Claim.Granted granted -> fresh(caller, wish, granted, store);
            case Claim.Answered answered -> new StoredReply(answered.turn());
            case Claim.Busy _ ->
                throw Problem.conflict("This message is being answered just now.", RETRY_AFTER_SECONDS);
            case Claim.Missing _ -> throw Problem.notFound();
            case Claim.Nothing _ ->
                throw Problem.invalid("/messages", "There is no message yet that could be regenerated.");
            case Claim.NotLast _ ->
                throw Problem.invalid(
                        "/messageId", "Only the last message can be edited or regenerated; this is an older one.");
            case Claim.OtherRequest _ ->
                throw Problem.invalid("", "This Idempotency-Key came with another body before; use a new key.");
        };
    }

    private int charactersBefore(Question question) {
        int own = question.text() == null ? 0 : question.text().length();
        return Math.max(0, config.historyCharacters() - own);
    }

    private Reply fresh(Caller caller, Wish wish, Claim.Granted granted, ChatStore store) {
        ModelOptions options = wish.question().options();
        var messages = new ArrayList<>(granted.history());
        messages.add(ChatMessage.user(granted.turn().question().content()));
        var prompt = new Prompt(
                config.systemPrompt(),
                messages,
                options.model(),
                options.temperature(),
                options.maxTokens(),
                wish.attempt().modelTimeLeft());
        return new FreshReply(model, prompt, new AnswerWriter(caller, store, sessions, granted.turn(), wish.attempt()));
    }

    /** The last answer of a chat that another call makes just now, when there is one. */
    public static Optional<Reply> running(
            ConversationRef.Chat chat, Caller caller, Database database, Deadline deadline) {
        var turns = new Turns(database);
        return turns.running(caller, chat)
                .map(first -> new FollowedReply(first, () -> turns.progress(caller, first.turn()), deadline));
    }
}
