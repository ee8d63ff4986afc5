package history.db;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A statement that calls one function of schema {@code history}.
 *
 * <p>The function and its arguments are named after a record and its components, in snake case: {@code new ListThings(7)} with a
 * component {@code mostRows} calls {@code history.list_things(most_rows => 7)}. The server infers the types.
 *
 * @param columns the select list, from the function's result {@code r}
 */
public record Call(String columns, Record arguments) {
    /** Selects everything that the function returns. */
    public static Call of(Record arguments) {
        return new Call("r.*", arguments);
    }

    String sql() {
        return Arrays.stream(components())
                .map(component -> snakeCase(component.getName()) + " => ?")
                .collect(Collectors.joining(
                        ", ",
                        "select %s from history.%s("
                                .formatted(
                                        columns, snakeCase(arguments.getClass().getSimpleName())),
                        ") r"));
    }

    /** The arguments in their order. */
    @Nullable
    Object[] parameters() {
        return Arrays.stream(components()).map(this::value).toArray();
    }

    private RecordComponent[] components() {
        return arguments.getClass().getRecordComponents();
    }

    private @Nullable Object value(RecordComponent component) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String snakeCase(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }
}
