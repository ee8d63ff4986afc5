package history.db;

import java.lang.reflect.Method;
import java.util.Locale;
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

    /**
     * Selects some of what the function returns.
     *
     * @param columns the select list, from the function's result {@code r}
     */
    public static Call of(String columns, Record arguments) {
        var function = Function.OF.get(arguments.getClass());
        @Nullable Object[] values = new Object[function.accessors().length];
        try {
            for (int i = 0; i < values.length; i++) {
                values[i] = function.accessors()[i].invoke(arguments);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        return new Call("select " + columns + function.text(), values);
    }

    /** What calls a function and reads its arguments, made once of their type. */
    private record Function(String text, Method[] accessors) {
        private static final ClassValue<Function> OF = new ClassValue<>() {
            @Override
            protected Function computeValue(Class<?> type) {
                return of(type);
            }
        };

        private static Function of(Class<?> type) {
            var components = type.getRecordComponents();
            var accessors = new Method[components.length];
            var text = new StringBuilder(" from history." + snakeCase(type.getSimpleName()) + "(");
            for (int i = 0; i < components.length; i++) {
                accessors[i] = components[i].getAccessor();
                accessors[i].setAccessible(true);
                text.append(i == 0 ? "" : ", ")
                        .append(snakeCase(components[i].getName()))
                        .append(" => ?");
            }
            return new Function(text.append(") r").toString(), accessors);
        }

        private static String snakeCase(String name) {
            return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
        }
    }
}
