package history.chat;

import static history.failure.Failure.Kind.NOT_MIGRATED;

import history.auth.Caller;
import history.chat.ChatStore.Claim;
import history.chat.ChatStore.Wish;
import history.chat.model.ChatMessage;
import history.chat.model.ChatModel;
import history.chat.model.ModelConfig;
import history.chat.model.Prompt;
import history.conversation.Uuid7;
import history.failure.Failure;
import history.http.Deadline;
import history.http.Problem;
import java.util.ArrayList;
import java.util.Optional;

/**
 * Gives a request its turn: the message is stored before anybody is asked, and one request at a time has it answered.
 *
 * <p>Each call asks the tables first, so that a function which was warm during the migration goes on without an error.
 */
record Turns(ChatStore tables, ChatStore sessions, ChatModel model, ModelConfig config) {
    private static final int RETRY_AFTER_SECONDS = 2;

    /** Throws a {@link Problem} when there is nothing to answer, or somebody else is answering. */
    Reply begin(Caller caller, ChatRequest request, Optional<String> key, String hash, Deadline deadline) {
        var attempt = Attempt.within(config.timeout(), deadline);
        var wish =
                new Wish(request, attempt, Uuid7.next(), Uuid7.next(), key.orElse(null), key.isEmpty() ? null : hash);
        try {
            return begin(caller, wish, tables);
        } catch (Failure failure) {
            failure.throwUnless(NOT_MIGRATED);
            return begin(caller, wish, sessions);
        }
    }

    private Reply begin(Caller caller, Wish wish, ChatStore store) {
        int characters = charactersBefore(wish.request());
        return switch (store.claim(caller, wish, config.historyMessages() - 1, characters)) {
            case Claim.Granted granted -> fresh(caller, wish, granted, store);
            case Claim.Answered answered -> new StoredReply(answered.turn());
            case Claim.Busy _ ->
                throw Problem.conflict("This message is being answered just now.", RETRY_AFTER_SECONDS);
            case Claim.Missing _ -> throw Problem.notFound();
            case Claim.Nothing _ ->
                throw Problem.invalid("/messages", "There is no message yet that could be answered anew.");
            case Claim.NotLast _ ->
                throw Problem.invalid(
                        "/messageId", "Only the last message can be edited or answered anew; this is an older one.");
            case Claim.OtherRequest _ ->
                throw Problem.invalid("", "This Idempotency-Key came with another body before; use a new key.");
        };
    }

    private int charactersBefore(ChatRequest request) {
        int own = request.text() == null ? 0 : request.text().length();
        return Math.max(0, config.historyCharacters() - own);
    }

    private Reply fresh(Caller caller, Wish wish, Claim.Granted granted, ChatStore store) {
        ModelOptions options = wish.request().options();
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
}
