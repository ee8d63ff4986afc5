package history.bench;

import history.auth.Tokens;
import history.fixture.Person;
import history.fixture.World;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What all sides share: one server, one migrated database, and sixteen people of one tenant with tokens that are signed with ES256. Each
 * has 50 conversations; one of them, which is patched, is empty, and one has 200 messages. Sixteen others post and chat, so that no list
 * grows while it is measured.
 */
record Stand(
        World world, Tokens tokens, List<Person> readers, List<Person> writers, List<UUID> long200, List<UUID> patched)
        implements AutoCloseable {
    static final int CALLERS = 16;
    static final int CONNECTIONS = 5;
    static final int CONVERSATIONS = 50;
    static final int MESSAGES = 200;

    static Stand create(World world) throws SQLException {
        var tokens = Tokens.es256();
        var readers = new ArrayList<Person>();
        var writers = new ArrayList<Person>();
        var long200 = new ArrayList<UUID>();
        var patched = new ArrayList<UUID>();
        for (var i = 0; i < CALLERS; i++) {
            readers.add(person(world, tokens));
            writers.add(person(world, tokens));
            long200.add(UUID.randomUUID());
            patched.add(UUID.randomUUID());
            seed(world, readers.getLast(), long200.getLast(), patched.getLast());
        }
        world.execute("analyze");
        return new Stand(world, tokens, readers, writers, long200, patched);
    }

    private static Person person(World world, Tokens tokens) throws SQLException {
        var tenant = world.ada().tenantId();
        var user = world.person(tenant, "user").userId();
        return new Person(user, tenant, tokens.user(user).tenant(tenant).bearer());
    }

    private static void seed(World world, Person person, UUID withMessages, UUID empty) throws SQLException {
        world.execute("""
                insert into public.conversations (id, tenant_id, user_id, title, metadata)
                select case i when 1 then '%3$s' when 2 then '%4$s' else gen_random_uuid() end::uuid, '%1$s', '%2$s',
                    'Conversation ' || i, '{"tags": ["a", "b"], "colour": "green"}'
                from generate_series(1, %5$d) i;
                insert into public.messages (tenant_id, conversation_id, user_id, seq, role, content)
                select '%1$s', '%3$s', '%2$s', i, case i %% 2 when 1 then 'user' else 'assistant' end,
                    repeat('Lorem ipsum dolor sit amet. ', 1 + (i * 7) %% 20)
                from generate_series(1, %6$d) i""".formatted(person.tenantId(), person.userId(), withMessages, empty, CONVERSATIONS, MESSAGES));
    }

    Person person(Action action, int caller) {
        return (action == Action.POST || action == Action.CHAT ? writers : readers).get(caller);
    }

    UUID target(Action action, int caller) {
        return action == Action.GET ? long200.get(caller) : patched.get(caller);
    }

    /** What the functions are configured with, the database behind that port. */
    Map<String, String> environment(int port) {
        var environment = new LinkedHashMap<>(world.environment());
        environment.remove("JWT_SECRET");
        environment.putAll(tokens.environment());
        environment.put("DATABASE_POOL_SIZE", Integer.toString(CONNECTIONS));
        environment.computeIfPresent("DATABASE_URL", (name, url) -> url.replaceFirst(":\\d+/", ":" + port + "/"));
        return environment;
    }

    int port() {
        return world.database().server().port();
    }

    @Override
    public void close() {
        world.close();
    }
}
