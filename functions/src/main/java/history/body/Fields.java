package history.body;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.http.Problem;
import history.text.Blank;
import history.text.Storable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The fields of a JSON object, read one after the other; everything that is wrong is reported at once. */
public final class Fields {
    private final ObjectNode object;
    private final String pointer;
    private final List<Problem.FieldError> errors;

    public Fields(ObjectNode object) {
        this(object, "", new ArrayList<>());
    }

    private Fields(ObjectNode object, String pointer, List<Problem.FieldError> errors) {
        this.object = object;
        this.pointer = pointer;
        this.errors = errors;
    }

    /** Reports each field that is neither known nor read-only as unknown, and each read-only one as such. */
    public Fields allow(Set<String> known, Set<String> readOnly) {
        object.fieldNames().forEachRemaining(name -> {
            if (readOnly.contains(name)) {
                error(name, "is read-only");
            } else if (!known.contains(name)) {
                error(
                        name,
                        "is not a field here; allowed: "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        });
        return this;
    }

    /** The value; absent when it is missing or null. Text that PostgreSQL cannot store is reported with its place. */
    public Optional<JsonNode> value(String name) {
        JsonNode value = object.path(name);
        Storable.unheld(value)
                .ifPresent(place -> errors.add(new Problem.FieldError(
                        pointer + "/" + escape(name) + place, "has U+0000 or half of a surrogate pair")));
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    /** A text with something visible in it, of at most {@code max} characters (code points). */
    public Optional<String> text(String name, int max) {
        Optional<String> text = anyText(name);
        text.filter(Blank::is).ifPresent(blank -> error(name, "must not be blank"));
        text.filter(value -> value.codePointCount(0, value.length()) > max)
                .ifPresent(value ->
                        error(name, "has " + value.codePointCount(0, value.length()) + " characters; at most " + max));
        return text;
    }

    /** A client's own id, which is to stand in a path, too: there a dot is a folder, and U+FFFD what was not UTF-8. */
    public Optional<String> id(String name, int max) {
        Optional<String> id = text(name, max);
        id.filter(value -> value.matches("\\.\\.?") || value.contains("\uFFFD"))
                .ifPresent(value -> error(name, "must not be . or .., nor have U+FFFD: no path can name it"));
        return id;
    }

    public Optional<String> anyText(String name) {
        Optional<JsonNode> value = value(name);
        value.filter(node -> !node.isTextual()).ifPresent(node -> error(name, "must be a string"));
        return value.filter(JsonNode::isTextual).map(JsonNode::textValue);
    }

    public Optional<Double> number(String name, double min, double max) {
        Optional<JsonNode> value = value(name);
        value.filter(node -> !node.isNumber() || !(node.doubleValue() >= min && node.doubleValue() <= max))
                .ifPresent(node -> error(name, "must be a number from " + min + " to " + max));
        return value.filter(JsonNode::isNumber).map(JsonNode::doubleValue);
    }

    public Optional<Integer> integer(String name, int min, int max) {
        Optional<JsonNode> value = value(name);
        value.filter(node -> !node.canConvertToExactIntegral()
                        || !node.canConvertToInt()
                        || node.intValue() < min
                        || node.intValue() > max)
                .ifPresent(node -> error(name, "must be a whole number from " + min + " to " + max));
        return value.filter(JsonNode::canConvertToInt).map(JsonNode::intValue);
    }

    /** An object that can be stored, as {@link Storable#excess} decides. */
    public Optional<ObjectNode> object(String name, int maxBytes) {
        Optional<JsonNode> value = value(name);
        value.filter(node -> !node.isObject()).ifPresent(node -> error(name, "must be an object"));
        Optional<ObjectNode> found = value.filter(JsonNode::isObject).map(ObjectNode.class::cast);
        found.flatMap(node -> Storable.excess(node, maxBytes)).ifPresent(excess -> error(name, excess));
        return found;
    }

    /** The same for an object inside this one; what is wrong there is reported here. */
    public Fields inside(String name, ObjectNode inner) {
        return new Fields(inner, pointer + "/" + escape(name), errors);
    }

    public void error(String name, String detail) {
        errors.add(new Problem.FieldError(pointer + "/" + escape(name), detail));
    }

    public boolean isGood() {
        return errors.isEmpty();
    }

    /** Throws a {@link Problem} 422 when anything was reported. */
    public void check() {
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors.stream().distinct().toList());
        }
    }

    static String escape(String name) {
        String shown = name.length() > 100 ? name.substring(0, 100) + "…" : name;
        return shown.replace("~", "~0").replace("/", "~1");
    }
}
