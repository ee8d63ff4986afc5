package history.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** A canonical form of JSON, in which equal values are the same text: members sorted, each number written in one way. */
public final class Canonical {
    private Canonical() {}

    public static JsonNode of(JsonNode json) {
        return switch (json) {
            case ObjectNode object -> {
                ObjectNode ordered = JsonNodeFactory.instance.objectNode();
                object.propertyStream()
                        .sorted(Map.Entry.comparingByKey())
                        .forEach(field -> ordered.set(field.getKey(), of(field.getValue())));
                yield ordered;
            }
            case ArrayNode array -> {
                ArrayNode list = JsonNodeFactory.instance.arrayNode();
                array.forEach(element -> list.add(of(element)));
                yield list;
            }
            case NumericNode number -> DecimalNode.valueOf(number.decimalValue().stripTrailingZeros());
            default -> json;
        };
    }
}
