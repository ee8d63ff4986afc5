package history.local;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/** Users, tenants and memberships, made by the owner of the tables where they are missing. */
record Members(Connector owner) {
    private static final String MEMBER = """
            with "user" as (
              select coalesce((select id from auth.users where email = ?), gen_random_uuid()) as id
            ), made as (
              insert into auth.users (id, email) select id, ? from "user" on conflict (id) do nothing
            ), tenant as (
              insert into public.tenants (id, name, subdomain) values (gen_random_uuid(), ?, ?)
              on conflict (subdomain) do update set subdomain = excluded.subdomain
              returning id
            )
            select "user".id as user_id, tenant.id as tenant_id from "user", tenant
            """;
    private static final String MEMBERSHIP = """
            insert into public.tenant_users (id, tenant_id, user_id, role) values (gen_random_uuid(), ?, ?, ?)
            on conflict (tenant_id, user_id) do update set role = excluded.role
            """;

    /** A user in a tenant. */
    record Member(UUID userId, UUID tenantId) {}

    /** Opens a connection. */
    interface Connector {
        Connection connect() throws SQLException;
    }

    Member member(String email, String tenant, String role) throws SQLException {
        try (var connection = owner.connect()) {
            connection.setAutoCommit(false);
            var member = userAndTenant(connection, email, tenant);
            try (var statement = connection.prepareStatement(MEMBERSHIP)) {
                statement.setObject(1, member.tenantId());
                statement.setObject(2, member.userId());
                statement.setString(3, role);
                statement.executeUpdate();
            }
            connection.commit();
            return member;
        }
    }

    private static Member userAndTenant(Connection connection, String email, String tenant) throws SQLException {
        try (var lock = connection.createStatement()) {
            // Nothing keeps two requests from making the same user: the address is not unique everywhere.
            lock.execute("select pg_advisory_xact_lock(hashtext('conversation-history-local'))");
        }
        try (var statement = connection.prepareStatement(MEMBER)) {
            statement.setString(1, email);
            statement.setString(2, email);
            statement.setString(3, tenant);
            statement.setString(4, tenant);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return new Member(rows.getObject("user_id", UUID.class), rows.getObject("tenant_id", UUID.class));
            }
        }
    }
}
