package history.bench;

import history.auth.Caller;
import history.fixture.Person;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a team would write under the same policies: begin, the settings, plain SQL on the tables, commit, each a round trip. A chat is two
 * such transactions, of which the first also reads what the model may see.
 */
final class FourTrips implements Side {
    static final String SETTINGS = "select set_config('role', 'authenticated', true),"
            + " set_config('request.jwt.claims', $1, true), set_config('app.tenant_id', $2, true)";
    private static final String COLUMNS = "id, tenant_id, user_id, title, metadata, created_at, updated_at,"
            + " message_count, archived, labels, last_message_at, revision";
    static final String LIST = "select " + COLUMNS + " from public.conversations"
            + " where tenant_id = $1 and user_id = $2 and not archived"
            + " order by coalesce(last_message_at, created_at) desc, id desc limit 1000";
    static final String GET = "select c.id, c.tenant_id, c.user_id, c.title, c.metadata, c.created_at, c.updated_at,"
            + " c.message_count, c.archived, c.labels, c.last_message_at, c.revision, m.id as m_id, m.seq, m.role, m.content,"
            + " m.metadata as m_metadata, m.created_at as m_created_at, m.status"
            + " from public.conversations c left join lateral (select * from public.messages m"
            + " where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.current order by m.seq desc limit 200) m on true"
            + " where c.tenant_id = $1 and c.user_id = $2 and c.id = $3 order by m.seq";
    static final String POST = "insert into public.conversations (tenant_id, user_id, title) values ($1, $2, $3)"
            + " returning " + COLUMNS;
    static final String PATCH = "update public.conversations set title = $4 where tenant_id = $1 and user_id = $2"
            + " and id = $3 returning " + COLUMNS;
    private static final String SAY = "insert into public.messages (tenant_id, user_id, conversation_id, role, content)"
            + " values ($1, $2, $3, $4, $5) returning *";
    private static final String SEEN = "select role, content from public.messages"
            + " where tenant_id = $1 and user_id = $2 and conversation_id = $3 and current order by seq desc limit 50";

    private static final Pattern NUMBER = Pattern.compile("\\$(\\d)");

    private final Stand stand;
    private final Pool pool;
    private final AtomicLong number = new AtomicLong();
    private final @Nullable UUID[] chats = new @Nullable UUID[Stand.CALLERS];
    private final int[] turns = new int[Stand.CALLERS];

    FourTrips(Stand stand, int port) throws SQLException {
        this.stand = stand;
        this.pool = new Pool(stand, port);
    }

    @Override
    public String name() {
        return "four trips";
    }

    @Override
    public void call(Action action, int caller) throws Exception {
        var person = stand.person(action, caller);
        var target = stand.target(action, caller);
        var title = "Holiday number " + number.incrementAndGet();
        switch (action) {
            case LIST -> transaction(person, connection -> run(connection, person, LIST));
            case GET -> transaction(person, connection -> run(connection, person, GET, target));
            case POST -> transaction(person, connection -> run(connection, person, POST, title));
            case PATCH -> transaction(person, connection -> run(connection, person, PATCH, target, title));
            case CHAT -> chat(person, caller, title);
        }
    }

    private void chat(Person person, int caller, String text) throws SQLException, InterruptedException {
        var known = chats[caller];
        var at = known != null
                ? known
                : UUID.fromString(transaction(person, connection -> run(connection, person, POST, text)));
        transaction(person, connection -> {
            run(connection, person, SAY, at, "user", text);
            return run(connection, person, SEEN, at);
        });
        transaction(person, connection -> run(connection, person, SAY, at, "assistant", "You said it."));
        turns[caller] = (turns[caller] + 1) % Action.TURNS;
        chats[caller] = turns[caller] == 0 ? null : at;
    }

    private static String run(Connection connection, Person person, String sql, @Nullable Object... values)
            throws SQLException {
        var numbered = new ArrayList<@Nullable Object>(List.of(person.tenantId(), person.userId()));
        numbered.addAll(Arrays.asList(values));
        return run(connection, sql, numbered);
    }

    /** JDBC numbers no parameters. */
    private static String run(Connection connection, String sql, List<? extends @Nullable Object> numbered)
            throws SQLException {
        var parameters = NUMBER.matcher(sql)
                .results()
                .map(match -> numbered.get(Integer.parseInt(match.group(1)) - 1))
                .toArray();
        return Pool.run(connection, NUMBER.matcher(sql).replaceAll("?"), parameters);
    }

    private String transaction(Person person, Pool.Work<String> work) throws SQLException, InterruptedException {
        return pool.with(connection -> {
            Pool.run(connection, "begin");
            run(connection, SETTINGS, List.of(new Caller(person.userId(), null).claims(), person.tenantId() + ""));
            var result = work.on(connection);
            Pool.run(connection, "commit");
            return result;
        });
    }

    @Override
    public void close() throws SQLException {
        pool.close();
    }
}
