package history.chat.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.regex.Pattern;

/** Requests to a provider and its events, as JSON trees. */
final class ProviderJson {
    private static final System.Logger LOG = System.getLogger(ProviderJson.class.getName());
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern CODE = Pattern.compile("[a-zA-Z0-9_.]{1,60}");

    private ProviderJson() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static JsonNode read(byte[] text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            // Without the cause: Jackson's message quotes the text.
            throw new ModelFailure.Failed("The model's answer is not JSON");
        }
    }

    /** The text; empty if the node is missing, null or not a text. */
    static String text(JsonNode node) {
        return node.isTextual() ? node.textValue() : "";
    }

    /** An error in an answer that had begun with 200; of which only the code is logged, as of any other. */
    static ModelFailure brokenOff(String code, boolean isBusy) {
        var known = CODE.matcher(code).matches() ? code : "";
        LOG.log(System.Logger.Level.WARNING, "The model's server broke off its answer, error " + known);
        return isBusy
                ? new ModelFailure.RateLimited(null)
                : new ModelFailure.Refused("The model failed in the middle of its answer");
    }
}
