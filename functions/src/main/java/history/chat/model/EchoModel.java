package history.chat.model;

import history.chat.model.Completion.FinishReason;
import history.chat.model.Completion.TokenUsage;
import java.util.regex.Pattern;

/** Needs no network: repeats the user's last message word by word, and says what else it was sent. */
final class EchoModel implements ChatModel {
    private static final Pattern WORD = Pattern.compile("\\S+\\s*|\\s+");

    @Override
    public Completion answer(Prompt prompt, Transcript transcript) {
        var answer = reply(prompt.asText());
        var words = 0;
        for (var word = WORD.matcher(answer); word.find(); words++) {
            transcript.add(word.group());
        }
        var usage = new TokenUsage(wordsRead(prompt), words);
        return new Completion(transcript.text(), FinishReason.STOP, usage, prompt.model());
    }

    private static String reply(Prompt prompt) {
        var said = prompt.messages().stream()
                .filter(message -> message.role() == ChatMessage.Role.USER)
                .map(ChatMessage::content)
                .toList();
        var reply = new StringBuilder("You said: ").append(said.getLast());
        var count = prompt.messages().size();
        if (count == 1) {
            return reply.append("\nThis is the first message I can see.").toString();
        }
        reply.append("\nI can see ").append(count).append(" messages.");
        if (said.size() > 1) {
            reply.append(" Before that you said: ").append(said.get(said.size() - 2));
        }
        return reply.toString();
    }

    private static int wordsRead(Prompt prompt) {
        return prompt.messages().stream()
                .mapToInt(message ->
                        (int) WORD.matcher(message.content()).results().count())
                .sum();
    }
}
