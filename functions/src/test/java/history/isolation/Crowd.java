package history.isolation;

import history.auth.Caller;
import history.db.Call;
import history.db.Database;
import history.fixture.World;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Twenty callers of two tenants who all want the same connection at once, and some of whom fail. */
final class Crowd {
    private static final int CALLERS = 20;
    private static final int THREADS = 4;

    /** Every row the caller sees, without any condition: whose it is, and who the database thinks is asking. */
    private static final String LOOK = """
            select c.user_id, c.tenant_id, history.user_id() as asking, current_user::text as role,
                   current_setting('app.tenant_id') as chosen
            from (select 1) one left join public.conversations c on true
            """;

    private static final String WRITE = "insert into public.conversations (tenant_id, user_id, title) "
            + "values (history.current_tenant(), history.user_id(), 'one of many') returning user_id";

    private static final List<String> FAILURES = List.of(
            "select 1 / 0",
            "select no_such_column from public.conversations",
            "insert into public.conversations (tenant_id, user_id) values (history.current_tenant(), gen_random_uuid()) returning 1",
            "select set_config('role', 'service_role', true), set_config('request.jwt.claims', '{}', false)",
            "select set_config('statement_timeout', '5', true); select pg_sleep(20)",
            "select pg_cancel_backend(pg_backend_pid()), pg_sleep(20)");

    private record Member(Caller caller, UUID tenant) {}

    private final Database database;
    private final List<Member> members = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger failures = new AtomicInteger();

    private Crowd(World world, Database database) throws SQLException {
        this.database = database;
        for (int i = 0; i < CALLERS; i++) {
            var tenant = i % 2 == 0 ? world.ada().tenantId() : world.bob().tenantId();
            var person = world.person(tenant, i < 2 ? "viewer" : "user");
            // Half of them leave the choice of their only tenant to the database.
            members.add(new Member(new Caller(person.userId(), i % 4 < 2 ? tenant.toString() : null), tenant));
        }
    }

    /** What came of it: how many requests failed as they should, and everything that went wrong. */
    record Outcome(int failures, List<String> wrong) {}

    static Outcome rush(World world, Database database, int requests) throws Exception {
        var crowd = new Crowd(world, database);
        var next = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            for (int i = 0; i < THREADS; i++) {
                threads.execute(() -> {
                    for (int n = next.getAndIncrement(); n < requests; n = next.getAndIncrement()) {
                        crowd.request(n);
                    }
                });
            }
        }
        return new Outcome(crowd.failures.get(), List.copyOf(crowd.wrong));
    }

    /** Which one is drawn is the same in every run; which meet on the connection is not. */
    private void request(int n) {
        var member = members.get(Math.floorMod(n * 7919, CALLERS));
        try {
            if (n % 50 == 0) {
                fail(member, FAILURES.get(n / 50 % FAILURES.size()));
            } else if (n % 50 == 25) {
                database.write(member.caller(), new Call(WRITE), rows -> own(rows, member));
            } else {
                database.read(member.caller(), new Call(LOOK), rows -> own(rows, member));
            }
        } catch (RuntimeException unexpected) {
            wrong.add("request " + n + ": " + unexpected);
        }
    }

    private void fail(Member member, String sql) {
        try {
            database.writeOnce(member.caller(), new Call(sql), rows -> rows.next());
        } catch (RuntimeException expected) {
            failures.incrementAndGet();
        }
    }

    private boolean own(ResultSet rows, Member member) throws SQLException {
        while (rows.next()) {
            var owner = rows.getObject("user_id", UUID.class);
            boolean foreign = owner != null && !owner.equals(member.caller().userId());
            if (foreign || (rows.getMetaData().getColumnCount() > 1 && !isAsking(rows, member))) {
                wrong.add(member + " was served as somebody else: " + owner);
            }
        }
        return true;
    }

    private static boolean isAsking(ResultSet rows, Member member) throws SQLException {
        var tenant = rows.getObject("tenant_id", UUID.class);
        var chosen = member.caller().tenantClaim();
        return member.caller().userId().equals(rows.getObject("asking", UUID.class))
                && (tenant == null || tenant.equals(member.tenant()))
                && "authenticated".equals(rows.getString("role"))
                && rows.getString("chosen").equals(chosen == null ? "" : chosen);
    }
}
