package history.bench;

import java.sql.SQLException;

/** One way to do the same thing; up to {@link Stand#CALLERS} callers use it at a time. */
interface Side extends AutoCloseable {
    String name();

    /** Does it once and makes sure that it was done. */
    void call(Action action, int caller) throws Exception;

    @Override
    default void close() throws SQLException {}
}
