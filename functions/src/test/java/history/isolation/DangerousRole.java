package history.isolation;

import history.fixture.Api;
import history.fixture.Call;
import history.fixture.World;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A role that could step around the policies, so that no function may serve with it. */
enum DangerousRole {
    SUPERUSER("is a superuser", "create role isolation_superuser login superuser"),
    BYPASSRLS("bypasses policies", "create role isolation_bypassrls login bypassrls"),
    MEMBER(
            "may become one that bypasses them",
            "create role isolation_caretaker bypassrls; create role isolation_member login noinherit in role isolation_caretaker"),
    CREATOR("creates roles", "create role isolation_creator login createrole"),
    SERVANT("may become service_role", "create role isolation_servant login noinherit in role service_role"),
    OWNER("owns tables", "create role isolation_owner login");

    final String danger;
    private final String creation;

    DangerousRole(String danger, String creation) {
        this.danger = danger;
        this.creation = creation;
    }

    private String role() {
        return "isolation_" + name().toLowerCase(java.util.Locale.ROOT);
    }

    boolean isRefused(World world) throws SQLException {
        world.execute("""
                do $$ begin %s; exception when duplicate_object then null; end $$;
                grant authenticated to %s;
                """.formatted(creation, role()));
        if (this == OWNER) {
            world.execute("create table public.owned (); alter table public.owned owner to " + role());
        }
        Map<String, String> environment = new LinkedHashMap<>(world.environment());
        environment.computeIfPresent("DATABASE_URL", (name, url) -> url.replace(World.FUNCTIONS_ROLE, role()));
        var answer = new Api(environment).call(Call.get("/api/conversations").as(world.ada()));
        return answer.status() == 503 && !answer.body().contains(role());
    }
}
