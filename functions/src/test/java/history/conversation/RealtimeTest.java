package history.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import history.fixture.Call;
import history.fixture.Person;
import history.fixture.World;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where there is Supabase Realtime, here its table and functions without its server, a user hears which conversation changed. */
class RealtimeTest {
    private static final String PATH = "/api/conversations";

    private static final String REALTIME = """
            create schema realtime;
            grant usage on schema realtime to anon, authenticated, service_role;
            create table realtime.messages (
                id bigint generated always as identity, topic text not null, extension text not null, payload jsonb, event text,
                private boolean, inserted_at timestamp not null default now());
            alter table realtime.messages enable row level security;
            grant select, insert on realtime.messages to anon, authenticated;
            create policy everything on realtime.messages for all to authenticated using (true) with check (true);
            create function realtime.topic() returns text language sql stable
                as 'select nullif(current_setting(''realtime.topic'', true), '''')';
            create function realtime.send(payload jsonb, event text, topic text, private boolean default true) returns void
                language plpgsql as $$ begin
                    insert into realtime.messages (payload, event, topic, private, extension)
                    values (payload, event, topic, private, 'broadcast');
                end $$""";

    private final World world = World.beforeMigration();

    @AfterEach
    void close() {
        world.close();
    }

    /** What somebody reads who listens to that topic. */
    private List<String> heard(Person person, String topic) throws SQLException {
        return asClient(
                person, topic, "select payload::text from realtime.messages where topic = '" + topic + "' order by id");
    }

    private List<String> asClient(Person person, String topic, String sql) throws SQLException {
        try (var connection = world.database().connect("postgres");
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("set local role authenticated");
            statement.execute("set local realtime.topic = '" + topic + "'");
            statement.execute("select set_config('request.jwt.claims', '{\"sub\":\"" + person.userId() + "\"}', true)");
            var rows = statement.executeQuery(sql);
            var found = new ArrayList<String>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    @Test
    void tellsTheUserAndNobodyElseWhichConversationHasChanged() throws Exception {
        world.execute(REALTIME);
        world.migrate();
        var ada = world.ada();
        var topic = "conversations:" + ada.userId();
        var made = world.call(Call.post(PATH, "{\"title\":\"secret\"}").as(ada)).json();
        var path = PATH + "/" + made.path("id").asText();
        var patched = world.call(
                        Call.patch(path, "{\"title\":\"other secret\"}").as(ada))
                .json();
        world.call(Call.patch(path, "{\"title\":\"other secret\"}").as(ada));
        world.call(Call.delete(path).as(ada));
        var heard = heard(ada, topic);
        var expected = List.of(
                made.path("revision").toString(), patched.path("revision").toString(), "null");
        var mapper = new ObjectMapper();
        assertEquals(expected.size(), heard.size(), heard::toString);
        for (int i = 0; i < heard.size(); i++) {
            assertEquals(
                    mapper.readTree("{\"id\":%s,\"revision\":%s}".formatted(made.path("id"), expected.get(i))),
                    mapper.readTree(heard.get(i)));
        }
        assertEquals(List.of(), heard(world.bob(), topic));
        assertEquals(List.of(), heard(world.person(ada.tenantId(), "admin"), topic));
        assertEquals(
                1,
                asClient(
                                ada,
                                "room",
                                "with said as (insert into realtime.messages (topic, extension) values ('room', 'broadcast')"
                                        + " returning 1) select count(*) from said")
                        .size());
        var refused = org.junit.jupiter.api.Assertions.assertThrows(
                SQLException.class,
                () -> asClient(
                        ada,
                        topic,
                        "insert into realtime.messages (topic, extension) values ('" + topic
                                + "', 'broadcast') returning 1"));
        assertEquals("42501", refused.getSQLState());

        world.rollBack();
        assertEquals(
                List.of("everything"),
                asClient(ada, "room", "select policyname from pg_policies where schemaname = 'realtime'"));
        assertEquals(201, world.call(Call.post(PATH, "{}").as(ada)).status());
    }
}
