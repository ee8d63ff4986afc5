package history.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.Answer;
import history.fixture.Call;
import history.fixture.Person;
import history.fixture.World;
import history.migration.Action;
import history.migration.Migration;
import history.postgres.PostgresServer;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Times that no clock shows, none at all, and megabytes of metadata, which an old application has stored: every phase delivers them. */
class AbsurdRowsTest {
    private static final String PATH = "/api/conversations";
    private static final int ROWS = 3 * 8 + 12 + 1;

    /** Three of every kind, so that a page ends within each; and as much metadata as no answer could hold. */
    private static final String ABSURD = """
            insert into public.chat_sessions (tenant_id, user_id, messages, created_at, updated_at)
            select :tenant, :user, '[{"role": "user", "content": "x"}]', nullif(t.created, '')::timestamptz, nullif(t.updated, '')::timestamptz
            from generate_series(1, 3), (values ('infinity', 'infinity'), ('-infinity', '-infinity'), ('290000-01-01', '290000-01-01'),
                ('4713-01-01 BC', '4713-01-01 BC'), ('infinity', '2025-01-01'), ('2025-01-01', ''), ('', ''), ('', '1969-12-31')
            ) t(created, updated);
            insert into public.chat_sessions (tenant_id, user_id, title, metadata)
            select :tenant, :user, 'metadata', jsonb_build_object('a', repeat('"', case when n = 1 then 3000000 else 32000 end))
            from generate_series(1, 12) n;
            insert into public.chat_sessions (tenant_id, user_id, title, messages)
            select :tenant, :user, 'image', jsonb_build_array(jsonb_build_object('role', 'user', 'content', 'first'),
                jsonb_build_object('role', 'user', 'content', repeat('iVBORw0KGgo"', 450000)),
                jsonb_build_object('role', 'user', 'content', 'kept beside', 'image', repeat('iVBORw0KGgo"', 450000)),
                jsonb_build_object('role', 'user', 'content', 'last'));
            create table kept as table public.chat_sessions""";

    private final World world = World.beforeMigration();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void everyPhaseListsAndReadsThemAndGoesBack() throws SQLException {
        var ada = world.ada();
        var admin = world.person(ada.tenantId(), "admin");
        world.execute(ABSURD.replace(":tenant", "uuid '" + ada.tenantId() + "'")
                .replace(":user", "uuid '" + ada.userId() + "'"));
        assertEverythingIsRead(ada, Call.get(PATH));

        world.execute("set search_path = history_maintenance, pg_temp; select history.expand()");
        assertEverythingIsReadByBoth(ada, admin);
        world.migrate();
        assertEverythingIsReadByBoth(ada, admin);

        run(Action.ROLLBACK, "");
        world.execute("""
                do $$ begin
                    assert not exists (select from kept full join public.chat_sessions s using (id) where kept is distinct from s);
                end $$""");
        world.migrate();
        run(Action.COMPLETE, "drop %d arrays".formatted(ROWS));
        assertEverythingIsReadByBoth(ada, admin);
    }

    private void assertEverythingIsReadByBoth(Person ada, Person admin) {
        assertEverythingIsRead(ada, Call.get(PATH));
        assertEverythingIsRead(admin, Call.get(PATH).query("scope", "tenant"));
    }

    private void assertEverythingIsRead(Person person, Call list) {
        var ids = ids(person, list.query("limit", "2"));
        assertEquals(ROWS, ids.stream().distinct().count());
        assertEquals(ROWS, ids.size());
        assertEquals(ids, ids(person, list.query("limit", "100")));
        for (String id : ids) {
            read(person, Call.get(PATH + "/" + id));
        }
        var image = read(person, list.query("limit", "100")).json().findParents("title").stream()
                .filter(it -> it.path("title").asText().equals("image"))
                .findFirst()
                .orElseThrow();
        var contents = new ArrayList<String>();
        for (var next = Optional.of(Call.get(PATH + "/" + image.path("id").asText())); next.isPresent(); ) {
            var answer = read(person, next.get());
            answer.json()
                    .path("messages")
                    .forEach(it -> contents.add(it.path("content").asText().length() + " "
                            + it.path("metadata").path("cut").path("characters").asInt()));
            next = answer.link("prev").map(AbsurdRowsTest::follow);
        }
        assertEquals(
                List.of("11 0", "4 0", "5 0", "500000 5400000"),
                contents.stream().sorted().toList());
    }

    private List<String> ids(Person person, Call first) {
        var ids = new ArrayList<String>();
        for (var next = Optional.of(first); next.isPresent() && ids.size() < 2 * ROWS; ) {
            var answer = read(person, next.get());
            answer.json().forEach(it -> ids.add(it.path("id").asText()));
            next = answer.link("next").map(AbsurdRowsTest::follow);
        }
        return ids;
    }

    private Answer read(Person person, Call call) {
        var answer = world.call(call.as(person));
        assertEquals(200, answer.status(), () -> call + " " + answer);
        var envelope = answer.body().replace("\\", "\\\\").replace("\"", "\\\"").length();
        assertTrue(envelope < 6_000_000, () -> call + " has " + envelope + " bytes in its envelope");
        return answer;
    }

    private static Call follow(String link) {
        var call = Call.get(URI.create(link).getPath());
        for (String pair : URI.create(link).getQuery().split("&", -1)) {
            call = call.query(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return call;
    }

    private void run(Action action, String confirm) {
        var report = Migration.of(world.database().environment(PostgresServer.SUPERUSER))
                .run(action, confirm);
        assertTrue(report.succeeded(), report::json);
    }
}
