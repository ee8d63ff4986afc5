package history.bench;

import history.fixture.Person;
import history.fixture.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;

/**
 * Whether the same request costs more when there is more around it, up to ten million messages, or {@code -Dbench.messages}: in turn
 * with a database that stays small, so that whatever else the machine does meets both.
 */
final class Growth {
    private static final long MESSAGES = Long.getLong("bench.messages", 10_000_000);
    private static final long BYTES_EACH = 1_000;
    private static final long FEW = 1_000;
    private static final int EACH = 100;
    private static final int OWN = 10_000;
    private static final int ONE = 100_000;

    private final Stand stand;
    private final DoubleSupplier database;
    private final Report report;

    Growth(Stand stand, DoubleSupplier database, Report report) {
        this.stand = stand;
        this.database = database;
        this.report = report;
    }

    void run() throws Exception {
        var folder = Path.of(value("show data_directory"));
        var free = Files.getFileStore(folder).getUsableSpace();
        var needed = (MESSAGES + OWN + ONE) * BYTES_EACH;
        report.note("%,d messages need %,d MB in %s, where %,d MB are free."
                .formatted(MESSAGES, needed >> 20, folder, free >> 20));
        if (free < needed) {
            report.note("Growth was not measured: too little room. -Dbench.messages=1000000 takes a tenth.");
            return;
        }
        try (var small = Stand.create(World.create());
                var few = new Functions("at 1,000 messages", small, small.port()).listing(Stand.CONVERSATIONS);
                var functions = new Functions("the function", stand, stand.port()).listing(Stand.CONVERSATIONS)) {
            fill(small, 0, FEW / EACH);
            fill(stand, 0, FEW / EACH);
            for (var there = FEW * 10; there <= MESSAGES; there *= 10) {
                fill(stand, there / 10 / EACH, there / EACH);
                var messages = "%,d messages".formatted(there);
                for (var action : List.of(Action.LIST, Action.GET, Action.CHAT)) {
                    var growth = measure(small, few, functions, messages, action);
                    if (there * 10 > MESSAGES) {
                        report.target(
                                "growth of %s, p50, 1 thousand to %s".formatted(action.text(), messages),
                                "<= 1.2",
                                growth);
                    }
                }
            }
            one();
            measure(small, few, functions, "%,d messages in the conversation".formatted(ONE), Action.GET);
            own();
            measure(small, few, functions, "%,d conversations of the user".formatted(OWN), Action.LIST);
        }
    }

    /** How many times as long it takes as where there is little. */
    private double measure(Stand small, Functions few, Functions functions, String what, Action action)
            throws Exception {
        for (var each : List.of(small, stand)) {
            each.world().execute("vacuum analyze public.conversations, public.messages");
        }
        var part = "Growth: " + what;
        var comparison = Comparison.inThisProcess(part, List.of(functions, few), database, report);
        comparison.warmUp(action);
        var before = value("select pg_current_wal_insert_lsn()");
        var all = comparison.run(action, 1);
        if (action == Action.CHAT) {
            var turns = all.values().stream()
                    .flatMap(series -> series.slices().stream())
                    .mapToInt(slice -> slice.nanos().length)
                    .sum();
            var bytes =
                    Double.parseDouble(value("select pg_current_wal_insert_lsn() - '%s'::pg_lsn".formatted(before)));
            report.add(part, "WAL of a turn", "both", Map.of("bytes", bytes / turns));
        }
        return Objects.requireNonNull(all.get(functions.name()))
                .ratio(Objects.requireNonNull(all.get(few.name())), Series::middle);
    }

    /** Conversations of a hundred messages each of somebody else in the tenant; by no trigger, which would take hours. */
    private static void fill(Stand stand, long from, long to) throws SQLException {
        conversations(stand, stand.readers().getLast(), from, to, "gen_random_uuid()", EACH);
    }

    /** The conversation that the first reader gets. */
    private void one() throws SQLException {
        var id = stand.long200().getFirst();
        stand.world().execute("delete from public.conversations where id = '%s'".formatted(id));
        conversations(stand, stand.readers().getFirst(), 0, 1, "'" + id + "'::uuid", ONE);
    }

    private void own() throws SQLException {
        conversations(stand, stand.readers().getFirst(), 0, OWN, "gen_random_uuid()", 1);
    }

    private static void conversations(Stand stand, Person person, long from, long to, String id, int messages)
            throws SQLException {
        stand.world().execute("""
                set session_replication_role = replica;
                with c as (
                    insert into public.conversations (id, tenant_id, user_id, title, last_seq, message_count, last_message_at, revision)
                    select %3$s, '%1$s', '%2$s', 'Conversation ' || i, %6$d, %6$d, now() - i * interval '1 second', i
                    from generate_series(%4$d + 1, %5$d) i returning id)
                insert into public.messages (tenant_id, conversation_id, user_id, seq, role, content)
                select '%1$s', c.id, '%2$s', i, case i %% 2 when 1 then 'user' else 'assistant' end,
                    repeat('Lorem ipsum dolor sit amet. ', 1 + (i * 7) %% 20)
                from c cross join generate_series(1, %6$d) i""".formatted(person.tenantId(), person.userId(), id, from, to, messages));
    }

    private String value(String sql) throws SQLException {
        try (var connection = stand.world().database().connect("postgres")) {
            return Pool.run(connection, sql);
        }
    }
}
