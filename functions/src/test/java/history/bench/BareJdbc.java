package history.bench;

import history.auth.Caller;
import history.db.Database;
import history.fixture.Person;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The functions' own statements in their one round trip (two for a chat), and every column read: nobody who has to do the same does less. */
final class BareJdbc implements Side {
    private static final String MESSAGE =
            "(r.%1$s).id, (r.%1$s).seq, (r.%1$s).role, (r.%1$s).content, (r.%1$s).metadata, (r.%1$s).created_at, (r.%1$s).status";
    private static final String LIST =
            "select r.* from history.list_conversations(everyone => false, until => null, until_id => null, most => 1001,"
                    + " archived => false, label => null, bytes => 4000000, known => '{}') r";
    private static final String GET = "select (r.conversation).*, r.available, " + MESSAGE.formatted("message")
            + " from history.get_conversation(id => ?, chat_id => null, before => 9223372036854775807, most => 201,"
            + " bytes => 4000000, after => null, failed => false, replaced => false, known => '{}', known_running => '{}') r";
    private static final String POST = "select (r.conversation).*, r.replayed, r.same_request"
            + " from history.create_conversation(id => ?, key => null, title => ?, metadata => null, request_hash => null) r";
    private static final String PATCH =
            "select (r.conversation).*, r.outcome from history.patch_conversation(id => ?, title => ?, clear => false,"
                    + " patch => null, versions => null, most => 16384, archived => null, labels => null, chat_id => null) r";
    private static final String CLAIM = "select r.conversation_id, r.decision, r.seen, r.title, "
            + MESSAGE.formatted("question") + ", " + MESSAGE.formatted("answer")
            + " from history.claim_turn(conversation => ?, chat_id => null, new_conversation => ?, message_id => null,"
            + " new_message => ?, content => ?, metadata => null, anew => false, attempt => ?, lease => '90000 ms',"
            + " key => null, key_hash => null, most => 50, characters => 100000, ui_parts => null, target => null,"
            + " earlier => '[]') r";
    private static final String FINISH = "select r.outcome, r.title, " + MESSAGE.formatted("message")
            + " from history.finish_turn(conversation => ?, question => ?, answer => ?, status => 'completed',"
            + " content => 'You said it.', metadata => '{}') r";

    private static final Pattern SETTING = Pattern.compile("set_config\\('([^']+)', (?:coalesce\\()?\\?");

    private final Stand stand;
    private final Pool pool;
    private final String settings = settings();
    private final AtomicLong number = new AtomicLong();
    private final @Nullable UUID[] chats = new @Nullable UUID[Stand.CALLERS];
    private final int[] turns = new int[Stand.CALLERS];

    BareJdbc(Stand stand, int port) throws SQLException {
        this.stand = stand;
        this.pool = new Pool(stand, port);
    }

    private static String settings() {
        try {
            var field = Database.class.getDeclaredField("SETTINGS");
            field.setAccessible(true);
            return (String) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the settings of the functions are elsewhere now", e);
        }
    }

    @Override
    public String name() {
        return "bare JDBC";
    }

    @Override
    public void call(Action action, int caller) throws Exception {
        var person = stand.person(action, caller);
        var target = stand.target(action, caller);
        var title = "Holiday number " + number.incrementAndGet();
        switch (action) {
            case LIST -> run(person, true, LIST);
            case GET -> run(person, true, GET, target);
            case POST -> run(person, false, POST, UUID.randomUUID(), title);
            case PATCH -> run(person, false, PATCH, target, title);
            case CHAT -> chat(person, caller, title);
        }
    }

    private void chat(Person person, int caller, String text) throws SQLException, InterruptedException {
        var question = UUID.randomUUID();
        var answer = UUID.randomUUID();
        var at = UUID.fromString(run(person, false, CLAIM, chats[caller], UUID.randomUUID(), question, text, answer));
        run(person, false, FINISH, at, question, answer);
        turns[caller] = (turns[caller] + 1) % Action.TURNS;
        chats[caller] = turns[caller] == 0 ? null : at;
    }

    private String run(Person person, boolean reads, String sql, @Nullable Object... values)
            throws SQLException, InterruptedException {

        var parameters = new ArrayList<@Nullable Object>();
        SETTING.matcher(settings)
                .results()
                .forEach(setting -> parameters.add(
                        switch (setting.group(1)) {
                            case "request.jwt.claims" -> new Caller(person.userId(), null).claims();
                            case "app.tenant_id" -> person.tenantId().toString();
                            case "statement_timeout" -> "8000ms";
                            case "lock_timeout" -> "4000ms";
                            case "transaction_read_only" -> reads ? "on" : null;
                            default ->
                                throw new IllegalStateException(
                                        "a setting that is not known here: " + setting.group(1));
                        }));
        parameters.addAll(Arrays.asList(values));
        return pool.with(connection -> Pool.run(connection, settings + sql, parameters.toArray()));
    }

    @Override
    public void close() throws SQLException {
        pool.close();
    }
}
