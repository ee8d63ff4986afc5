package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever may act for the owner of the schema acts as the owner: what is made later belongs to the same role. */
final class OwnerTest {
    private static final String OWNERS = """
            select distinct pg_get_userbyid(p.proowner)::text from pg_proc p where p.pronamespace = 'history'::regnamespace
            union select pg_get_userbyid(c.relowner)::text from pg_class c where c.relnamespace = 'history'::regnamespace""";

    @Test
    void aDeputyMakesWhatTheOwnerHas() throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.PLAIN, Action.MIGRATE)) {
            old.execute(
                    "create role deputy login; grant owner_plain to deputy; drop function history.to_uuid(text) cascade");
            try {
                var deputy = Migration.of(old.database().environment("deputy"));

                assertTrue(deputy.run(Action.MIGRATE).succeeded());

                assertEquals(List.of("owner_plain"), old.query(OWNERS));
                assertTrue(deputy.run(Action.STATUS).succeeded());
            } finally {
                old.execute("drop role deputy");
            }
        }
    }

    @Test
    void aStrangerHearsWhomToConnectAs() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V15, Owner.PLAIN, Action.MIGRATE)) {
            old.execute("create role stranger login");
            try {
                for (var action : List.of(Action.STATUS, Action.MIGRATE, Action.ROLLBACK)) {
                    var report =
                            Migration.of(old.database().environment("stranger")).run(action);
                    assertEquals(
                            List.of(new Finding(
                                    true,
                                    "This role may not use schema history, which belongs to owner_plain.",
                                    "Connect as owner_plain, or as a member of that role.")),
                            report.findings());
                }
            } finally {
                old.execute("drop role stranger");
            }
        }
    }
}
