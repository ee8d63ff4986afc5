package history.local;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/**
 * Users, tenants and memberships, made by the owner of the tables where they are missing, and entered in the {@link Ledger}.
 *
 * @param everythingIsOurs whether those that are not in the ledger may be used as well
 */
record Members(Connector owner, boolean everythingIsOurs) {
    /** Something with a name, how it is found and how it is made. */
    private record Kind(String word, String find, String make) {}

    private static final Kind USER = new Kind("user", """
            select u.id, l.id is not null as ours from auth.users u left join local_run.users l on l.id = u.id
            where u.email = ? order by ours desc limit 1""", """
            with made as (insert into local_run.users values (gen_random_uuid()) returning id)
            insert into auth.users (id, email) select made.id, ? from made returning id""");
    private static final Kind TENANT = new Kind("tenant", """
            select t.id, l.id is not null as ours from public.tenants t left join local_run.tenants l on l.id = t.id
            where t.subdomain = ?""", """
            with made as (insert into local_run.tenants values (gen_random_uuid()) returning id)
            insert into public.tenants (id, name, subdomain)
            select made.id, given.name, given.name from made, (values (?)) given(name) returning id""");
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

    /** That name belongs to somebody. */
    static final class Taken extends Exception {
        private static final long serialVersionUID = 1;

        Taken(String word, String name) {
            super("The %s %s exists and was not made by the local run: choose another name.".formatted(word, name));
        }
    }

    Member member(String email, String tenant, String role) throws SQLException, Taken {
        try (var connection = owner.connect()) {
            connection.setAutoCommit(false);
            try (var lock = connection.createStatement()) {
                // Nothing keeps two requests from making the same user: the address is not unique everywhere.
                lock.execute("select pg_advisory_xact_lock(hashtext('conversation-history-local'))");
            }
            var member = new Member(idOf(USER, email, connection), idOf(TENANT, tenant, connection));
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

    private UUID idOf(Kind kind, String name, Connection connection) throws SQLException, Taken {
        try (var find = connection.prepareStatement(kind.find())) {
            find.setString(1, name);
            try (var rows = find.executeQuery()) {
                if (rows.next()) {
                    if (!everythingIsOurs && !rows.getBoolean("ours")) {
                        throw new Taken(kind.word(), name);
                    }
                    return rows.getObject("id", UUID.class);
                }
            }
        }
        try (var make = connection.prepareStatement(kind.make())) {
            make.setString(1, name);
            try (var rows = make.executeQuery()) {
                rows.next();
                return rows.getObject("id", UUID.class);
            }
        }
    }
}
