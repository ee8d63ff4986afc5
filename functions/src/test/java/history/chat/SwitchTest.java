package history.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.Api;
import history.fixture.Call;
import history.fixture.Person;
import history.fixture.World;
import history.migration.Action;
import history.migration.Migration;
import history.postgres.PostgresServer;
import history.postgres.Some;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The editions of the functions are exchanged, there and back, while eight clients go on. */
final class SwitchTest {
    private static final int CLIENTS = 8;

    private final Queue<String> failed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();

    private record Client(Person person, String conversation) {}

    @Test
    @Tag(Some.TAG)
    void noCallFailsAndNothingIsLost() throws Exception {
        try (var world = World.beforeMigration()) {
            Map<String, String> environment = new LinkedHashMap<>(world.environment());
            environment.put("DATABASE_POOL_SIZE", String.valueOf(CLIENTS));
            var api = new Api(environment);
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                var person = world.person(world.ada().tenantId(), "user");
                var made = api.call(Call.post("/api/conversations", "{}").as(person));
                clients.add(new Client(person, made.json().path("id").asText()));
            }
            var migration = Migration.of(world.database().environment(PostgresServer.SUPERUSER));
            try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
                clients.forEach(client -> threads.execute(() -> goOn(api, client)));
                try {
                    for (var action : List.of(Action.MIGRATE, Action.ROLLBACK)) {
                        await(CLIENTS * 2);
                        var report = migration.run(action);
                        assertTrue(report.succeeded(), report::json);
                    }
                    await(CLIENTS * 2);
                } finally {
                    over.set(true);
                }
            }
            assertEquals(List.of(), failed.stream().limit(5).toList(), failed.size() + " failed");
            try (var connection = world.database().connect(PostgresServer.SUPERUSER);
                    var statement = connection.createStatement();
                    var row = statement.executeQuery(
                            "select sum(jsonb_array_length(s.messages)) from public.chat_sessions s")) {
                row.next();
                assertEquals(2L * sent.get(), row.getLong(1), "a message and its answer for each call");
            }
        }
    }

    private void goOn(Api api, Client client) {
        var path = "/api/conversations/" + client.conversation();
        for (int i = 0; !over.get(); i++) {
            var body = "{\"message\":\"Hello %d\",\"conversation_id\":\"%s\"}".formatted(i, client.conversation());
            call(api, Call.post("/api/chat", body).as(client.person()));
            sent.incrementAndGet();
            call(api, Call.get("/api/conversations").as(client.person()));
            call(api, Call.patch(path, "{\"title\":\"Title %d\"}".formatted(i)).as(client.person()));
            LockSupport.parkNanos(Some.ALL ? 0 : 60_000_000);
        }
    }

    private void call(Api api, Call call) {
        try {
            var answer = api.call(call);
            if (answer.status() / 100 != 2) {
                failed.add(call.method() + " " + call.path() + " " + answer.status() + " " + answer.body());
            }
        } catch (RuntimeException | AssertionError failure) {
            failed.add(call.method() + " " + failure);
        }
    }

    private void await(int more) {
        for (int until = sent.get() + more; sent.get() < until && failed.isEmpty(); ) {
            LockSupport.parkNanos(5_000_000);
        }
    }
}
