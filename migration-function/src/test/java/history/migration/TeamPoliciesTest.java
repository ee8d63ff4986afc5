package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a team's policies forbid stays forbidden, and what they allow stays allowed. */
final class TeamPoliciesTest {
    private static final String ADMIN = "c0000000-0000-4000-8000-000000000003";

    private static final String NO_POLICY = """
            drop policy "Members can view members" on tenant_users; drop policy "Admins can manage members" on tenant_users;
            insert into auth.users values ('%s', 'admin@example.com');
            insert into tenant_users (tenant_id, user_id, role) values ('%s', '%1$s', 'admin');
            """.formatted(ADMIN, OldDatabase.TENANT_B);

    /** For reading, as members; for everything, as admins. */
    private static final List<String> KNOWN = """
            for select using (tenant_id in (select tenant_id from tenant_users where user_id = auth.uid()))
            for select to authenticated using (tenant_id in (select tu.tenant_id from tenant_users tu where tu.user_id = (select auth.uid())))
            for select using (exists (select 1 from tenant_users tu where tu.tenant_id = tenant_users.tenant_id and tu.user_id = auth.uid()))
            for select using (exists (select from tenant_users x where auth.uid() = x.user_id and tenant_users.tenant_id = x.tenant_id))
            for select using (tenant_id = any (array(select tenant_id from tenant_users where user_id = auth.uid())))
            for select using (auth.uid() in (select tu.user_id from tenant_users tu where tu.tenant_id = tenant_users.tenant_id))
            for select using (user_id = auth.uid() or tenant_id in (select tenant_id from tenant_users where user_id = auth.uid() and role = 'admin'))
            using (exists (select 1 from tenant_users tu where tu.user_id = auth.uid() and tu.tenant_id = tenant_users.tenant_id and tu.role = 'admin'))
            for insert with check (tenant_id in (select tenant_id from tenant_users where user_id = auth.uid() and role in ('admin')))
            for update using (auth.uid() in (select u.user_id from tenant_users u where u.role = 'admin' and u.tenant_id = tenant_users.tenant_id)) with check (role <> 'admin')
            """.lines().toList();

    private static final List<String> UNKNOWN = """
            for select using (exists (select 1 from tenant_users tu where tu.tenant_id = tenant_users.tenant_id and tu.user_id = auth.uid() and tu.role <> 'viewer'))
            for update using (exists (select 1 from tenant_users tu where tu.tenant_id = tenant_users.tenant_id and tu.user_id = auth.uid() and tu.role <> 'viewer'))
            for update using (tenant_id in (select tenant_id from tenant_users where user_id = auth.uid()))
            for insert with check (tenant_id in (select tenant_id from tenant_users where user_id = auth.uid()))
            using (user_id = auth.uid() or tenant_id in (select tenant_id from tenant_users where user_id = auth.uid() and role = 'admin'))
            for select using (exists (select 1 from tenant_users tu where tu.tenant_id = tenant_id and tu.user_id = auth.uid()))
            for select using (tenant_id not in (select tenant_id from tenant_users where user_id = auth.uid()))
            for select using (tenant_id in (select tenant_id from tenant_users where user_id = auth.uid() and role = 'admin' and permissions ? 'x'))
            for select using (tenant_id in (select tenant_id from tenant_users where user_id = auth.uid() or role = 'admin'))
            for delete using (exists (select from tenants t where t.id = tenant_id and t.status = 'active'))
            for select using (exists (select from memberships m where m.id = tenant_users.id))
            as restrictive for select using ((select count(*) from tenant_users tu) < 100)
            as restrictive for insert with check ((select count(*) from tenant_users tu) < 100)
            for select to service_role using (tenant_id in (select tenant_id from tenant_users where user_id = auth.uid()))
            """.lines().toList();

    @Some("V15")
    void replacesPoliciesOfMembersThatAreKnown(PostgresVersion version) throws Exception {
        try (var old = OldDatabase.empty(version, Owner.PLAIN)) {
            old.execute(NO_POLICY);
            for (var policy : KNOWN) {
                old.execute("create policy \"p%d\" on tenant_users %s".formatted(KNOWN.indexOf(policy), policy));
            }
            old.execute("comment on policy p0 on tenant_users is 'kept'");
            try (var bob = old.caller(OldDatabase.BOB)) {
                assertThrows(SQLException.class, () -> OldDatabase.query(bob, "select count(*) from tenant_users"));
            }

            assertTrue(old.succeed(Action.MIGRATE).findings().stream()
                    .allMatch(it -> it.finding().startsWith("chat_sessions is empty")));

            assertSees(old, OldDatabase.ADA, 1);
            assertSees(old, OldDatabase.BOB, 2);
            assertSees(old, ADMIN, 2);
            try (var bob = old.caller(OldDatabase.BOB);
                    var admin = old.caller(ADMIN)) {
                var promote = "update tenant_users set role = 'admin' where user_id = auth.uid() returning 1";
                assertEquals(List.of(), OldDatabase.query(bob, promote));
                assertEquals(List.of("1"), OldDatabase.query(admin, promote));
            }
            assertEquals(
                    "kept",
                    old.value("select description from pg_description where objoid = "
                            + "(select oid from pg_policy where polname = 'p0')"));
        }
    }

    @Some("V18")
    void showsPoliciesOfMembersThatAreNotKnown(PostgresVersion version) throws Exception {
        try (var old = OldDatabase.empty(version, Owner.PLAIN)) {
            old.execute(
                    NO_POLICY + "create view memberships with (security_invoker = true) as select * from tenant_users");
            for (var policy : UNKNOWN) {
                old.execute("create policy \"p%d\" on tenant_users %s".formatted(UNKNOWN.indexOf(policy), policy));
            }

            var report = old.run(Action.MIGRATE);

            assertFalse(report.succeeded());
            assertEquals("none", report.phase());
            assertEquals(
                    UNKNOWN.size(),
                    report.findings().stream().filter(Finding::blocks).count(),
                    report::json);
            assertTrue(
                    report.findings().stream()
                            .anyMatch(it -> it.finding().contains("create policy p0")
                                    && it.finding().contains("for select to public using")
                                    && it.finding().contains("<> 'viewer'::text")),
                    report::json);
            for (var finding : report.findings()) {
                old.execute(statement(finding));
            }
            old.succeed(Action.MIGRATE);
            assertSees(old, OldDatabase.BOB, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesAPolicyThatTheFirstVersionWidened(PostgresVersion version) throws Exception {
        try (var old = OldDatabase.empty(version, Owner.PLAIN, Action.MIGRATE)) {
            old.execute("create policy widened on tenant_users for update to authenticated "
                    + "using (tenant_id = any (array(select history.my_tenants())))");

            var report = old.run(Action.STATUS);

            assertFalse(report.succeeded());
            old.execute(statement(report.findings().stream()
                    .filter(Finding::blocks)
                    .findFirst()
                    .orElseThrow()));
            assertTrue(old.findings().stream().noneMatch(Finding::blocks));
        }
    }

    private static void assertSees(OldDatabase old, String user, int members) throws SQLException {
        try (var caller = old.caller(user)) {
            assertEquals(List.of("" + members), OldDatabase.query(caller, "select count(*) from tenant_users"));
        }
    }

    /** What a remedy says to run. */
    private static String statement(Finding finding) {
        return finding.remedy().substring(finding.remedy().indexOf(": ") + 2);
    }
}
