package history.db;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A statement and its arguments: mostly a call of one function of schema {@code history}.
 *
 * <p>The function and its arguments are named after a record and its components, in snake case: {@code new ListThings(7)} with a
 * component {@code mostRows} calls {@code history.list_things(most_rows => 7)}. The server infers the types.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Call(String sql, @Nullable Object... parameters) {
    /** Selects everything that the function returns. */
    public static Call of(Record arguments) {
        return of("r.*", arguments);
    }

    /** @param columns the select list, from the function's result {@code r} */
    public static Call of(String columns, Record arguments) {
        var components = arguments.getClass().getRecordComponents();
        var sql = Arrays.stream(components)
                .map(component -> snakeCase(component.getName()) + " => ?")
                .collect(Collectors.joining(
                        ", ",
                        "select %s from history.%s("
                                .formatted(
                                        columns, snakeCase(arguments.getClass().getSimpleName())),
                        ") r"));
        return new Call(
                sql,
                Arrays.stream(components)
                        .map(component -> value(component, arguments))
                        .toArray());
    }

    private static @Nullable Object value(RecordComponent component, Record arguments) {
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
