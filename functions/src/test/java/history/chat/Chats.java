package history.chat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import history.auth.Authenticator;
import history.chat.model.ModelConfig;
import history.chat.model.ScriptedModel;
import history.chat.turn.Limits;
import history.db.Database;
import history.fixture.Answer;
import history.fixture.Api;
import history.fixture.Call;
import history.fixture.Configured;
import history.fixture.Person;
import history.fixture.World;
import history.http.Cors;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The chat functions on a world of their own, with a model that says what the test wants. */
record Chats(World world, Api api, ScriptedModel model, Database database, Map<String, String> environment)
        implements AutoCloseable {
    static Chats with(ScriptedModel.Script... scripts) {
        return with(Map.of(), new ScriptedModel(scripts));
    }

    static Chats with(Map<String, String> configuration, ScriptedModel model) {
        return in(World.create(), configuration, model);
    }

    static Chats in(World world, Map<String, String> configuration, ScriptedModel model) {
        Map<String, String> environment = new LinkedHashMap<>(world.environment());
        environment.put("DATABASE_POOL_SIZE", "8");
        environment.putAll(configuration);
        var database = Configured.read(environment, Database::from);
        var chats = new Chats(world, new Api(environment), model, database, environment);
        chats.api().with("POST /api/chat", chats.handler(ChatHandler.class.getName()));
        return chats;
    }

    /** As the gateway asks for it: the chat with the test's model, all others as they are. */
    RequestStreamHandler handler(String name) {
        if (name.equals(ChatHandler.class.getName())) {
            return new ChatHandler(
                    Configured.read(environment, Authenticator::from),
                    Cors.NONE,
                    database,
                    Configured.read(environment, ModelConfig::from),
                    model,
                    Configured.read(environment, Limits::from));
        }
        try {
            var constructor = Class.forName(name).getDeclaredConstructor(Map.class);
            constructor.setAccessible(true);
            return (RequestStreamHandler) constructor.newInstance(environment);
        } catch (ReflectiveOperationException failure) {
            throw new LinkageError("no handler " + name, failure);
        }
    }

    Answer send(String json) {
        return api.call(Call.post("/api/chat", json).as(ada()));
    }

    Answer send(String json, String idempotencyKey) {
        return api.call(Call.post("/api/chat", json).as(ada()).header("Idempotency-Key", idempotencyKey));
    }

    /** Sends it on a thread of its own. */
    CompletableFuture<Answer> sendLater(String json) {
        var answer = new CompletableFuture<Answer>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(send(json));
            } catch (Throwable failure) {
                answer.completeExceptionally(failure);
            }
        });
        return answer;
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it never came about");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    Person ada() {
        return world.ada();
    }

    /** Every message that is shown, oldest first: {@code role: content (status)}. */
    List<String> rows() {
        return query("select role || ': ' || content || coalesce(' (' || (metadata ->> 'status') || ')', '') "
                + "from public.messages where current order by conversation_id, seq");
    }

    /** Every version and answer that another one has replaced. */
    List<String> replaced() {
        return query("select role || ': ' || content || ' (' || status || ')' from public.messages where not current"
                + " order by created_at, role desc, seq");
    }

    List<String> query(String sql) {
        try (var connection = world.database().connect("postgres");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void close() {
        database.close();
        world.close();
    }
}
