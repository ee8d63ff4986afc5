package history.bench;

import history.fixture.Person;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;

/** Whether the same request costs more when there is more around it: up to ten million messages, or {@code -Dbench.messages}. */
final class Growth {
    private static final long MESSAGES = Long.getLong("bench.messages", 10_000_000);
    private static final long BYTES_EACH = 1_000;
    private static final int EACH = 100;
    private static final int OWN = 10_000;
    private static final int ONE = 100_000;

    private final Stand stand;
    private final DoubleSupplier database;
    private final Report report;
    private boolean warm;

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
        try (var functions = new Functions("the function", stand, stand.port()).listing(Stand.CONVERSATIONS)) {
            var people = stand.readers();
            var first = List.<Series>of();
            for (long there = 1_000, before = 0; there <= MESSAGES; before = there, there *= 10) {
                fill(people.getLast(), before / EACH, there / EACH);
                var now = measure(
                        functions, "%,d messages".formatted(there), List.of(Action.LIST, Action.GET, Action.CHAT));
                first = first.isEmpty() ? now : first;
                if (there * 10 > MESSAGES) {
                    for (var i = 0; i < now.size(); i++) {
                        report.target(
                                "growth of %s, p50, 1 thousand to %,d messages"
                                        .formatted(
                                                List.of("list", "get", "chat").get(i), there),
                                "<= 1.2",
                                now.get(i).percentile(50) / first.get(i).percentile(50));
                    }
                }
            }
            one();
            measure(functions, "%,d messages in the conversation".formatted(ONE), List.of(Action.GET));
            own();
            measure(functions, "%,d conversations of the user".formatted(OWN), List.of(Action.LIST));
        }
    }

    private List<Series> measure(Functions functions, String what, List<Action> actions) throws Exception {
        stand.world().execute("vacuum analyze public.conversations, public.messages");
        var comparison = Comparison.inThisProcess("Growth: " + what, List.of(functions), database, report);
        var all = new ArrayList<Series>();
        for (var action : actions) {
            comparison.warmUp(action, warm ? 1 : 4); // or growth would be hidden by a compiler that comes to its end
            var before = value("select pg_current_wal_insert_lsn()");
            all.add(Objects.requireNonNull(comparison.run(action, 1).get(functions.name())));
            if (action == Action.CHAT) {
                var turns = all.getLast().slices().stream()
                        .mapToInt(slice -> slice.nanos().length)
                        .sum();
                var bytes = Double.parseDouble(
                        value("select pg_current_wal_insert_lsn() - '%s'::pg_lsn".formatted(before)));
                report.add("Growth: " + what, "WAL of a turn", functions.name(), Map.of("bytes", bytes / turns));
            }
        }
        warm = true;
        return all;
    }

    /** Conversations of a hundred messages each of somebody else in the tenant; by no trigger, which would take hours. */
    private void fill(Person person, long from, long to) throws SQLException {
        conversations(person, from, to, "gen_random_uuid()", EACH);
    }

    /** The conversation that the first reader gets. */
    private void one() throws SQLException {
        var id = stand.long200().getFirst();
        stand.world().execute("delete from public.conversations where id = '%s'".formatted(id));
        conversations(stand.readers().getFirst(), 0, 1, "'" + id + "'::uuid", ONE);
    }

    private void own() throws SQLException {
        conversations(stand.readers().getFirst(), 0, OWN, "gen_random_uuid()", 1);
    }

    private void conversations(Person person, long from, long to, String id, int messages) throws SQLException {
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
