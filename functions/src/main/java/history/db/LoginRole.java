package history.db;

import static history.failure.Failure.Kind.DATABASE_AWAY;
import static history.failure.Failure.Kind.NOT_MIGRATED;

import history.failure.Failure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The role that the functions log in with: it must own nothing and be unable to bypass row level security. As
 * {@code authenticated} it may use schema {@code history}, which the migration grants.
 */
final class LoginRole {
    private static final String LOOK = """
            select concat_ws(', ',
              case when r.rolsuper then 'is a superuser' end,
              case when r.rolbypassrls then 'has BYPASSRLS' end,
              case when r.rolcreaterole then 'may create roles' end,
              case when exists (
                select from pg_catalog.pg_roles other
                where other.oid <> r.oid and (other.rolsuper or other.rolbypassrls or other.rolcreaterole)
                  and pg_catalog.pg_has_role(r.oid, other.oid, 'member')) then 'can become a role that is or has such' end,
              case when exists (
                select from pg_catalog.pg_roles other where other.rolname = 'service_role'
                  and pg_catalog.pg_has_role(r.oid, other.oid, 'member')) then 'can become service_role' end,
              case when exists (
                select from pg_catalog.pg_class c
                where c.relkind in ('r', 'p', 'v') and pg_catalog.pg_has_role(r.oid, c.relowner, 'member'))
                then 'owns tables' end) as dangers,
              case
                when pg_catalog.to_regnamespace('history') is null then 'there is no schema history: run the migration'
                when not exists (
                  select from pg_catalog.pg_roles member where member.rolname = 'authenticated'
                    and pg_catalog.pg_has_role(r.oid, member.oid, 'member'))
                  then 'the login role is no member of authenticated: the migration grants it'
                when not pg_catalog.has_schema_privilege('authenticated', 'history', 'usage')
                  then 'authenticated may not use schema history: the migration grants it'
              end as missing
            from pg_catalog.pg_roles r where r.rolname = session_user
            """;

    private LoginRole() {}

    /** @throws Failure says what is wrong with the role, or that the database is not prepared for it */
    static void check(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery(LOOK)) {
            String dangers = rows.next() ? rows.getString("dangers") : "is unknown";
            if (!dangers.isEmpty()) {
                throw new Failure(
                        DATABASE_AWAY,
                        "DATABASE_URL: the login role " + dangers
                                + "; use the role history_functions that the migration makes");
            }
            String missing = rows.getString("missing");
            if (missing != null) {
                throw new Failure(NOT_MIGRATED, missing);
            }
        }
    }
}
