package history.db;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement and its arguments: mostly a call of one function of schema {@code history}. The server infers the types. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Call(String sql, @Nullable Object... parameters) {
    /** Begins the call of a function, whose arguments follow. */
    public static Arguments of(String function) {
        return new Arguments(function);
    }

    /** The arguments of a function, by their names. */
    public static final class Arguments {
        private final String function;
        private final List<String> names = new ArrayList<>();
        private final List<@Nullable Object> values = new ArrayList<>();

        private Arguments(String function) {
            this.function = function;
        }

        public Arguments with(String name, @Nullable Object value) {
            names.add(name + " => ?");
            values.add(value);
            return this;
        }

        /** Selects columns of the function's result {@code r}; all of them are {@code r.*}. */
        public Call select(String columns) {
            String arguments = String.join(", ", names);
            return new Call(
                    "select " + columns + " from history." + function + "(" + arguments + ") r", values.toArray());
        }
    }
}
