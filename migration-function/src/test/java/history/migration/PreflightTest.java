package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class PreflightTest {
    @ParameterizedTest
    @EnumSource
    void namesEverythingAtOnceAndChangesNothing(PostgresVersion version) throws Exception {
        try (var old = OldDatabase.withEdgeCases(version, Owner.PLAIN)) {
            old.execute("""
                    create table conversations (id uuid); create table conversations_temp (id uuid);
                    alter table chat_sessions alter title type text; alter table chat_sessions drop column metadata;
                    alter table tenant_users owner to postgres;
                    drop table knowledge_base""");

            var report = old.run(Action.MIGRATE);

            assertFalse(report.succeeded());
            assertNames(
                    report,
                    "A table public.conversations exists",
                    "conversations_temp exists",
                    "Column metadata is missing",
                    "owner_plain may not change public.tenant_users, which belongs to postgres");
            assertEquals("none", report.phase());
            assertEquals("null", old.value("select to_regnamespace('history')"));
            assertEquals("19", old.value("select count(*) from chat_sessions"));
        }
    }

    @Test
    void waitsForWhoHasLockedAndNamesThem() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V15, Owner.PLAIN);
                var holder = old.database().connect(PostgresServer.SUPERUSER);
                var statement = holder.createStatement()) {
            statement.execute("begin; lock table tenant_users; select pg_sleep(1.5)");
            var report = Migration.of(old.environment())
                    .run(new Order(Action.MIGRATE, ""), new TimeLeft(() -> 0), step -> {});
            var step = report.steps().getFirst();
            assertEquals(StepResult.State.STOPPED, step.state());
            assertTrue(step.detail().startsWith("waited for a lock, held by: pid "), step::detail);
            assertTrue(report.callAgain());

            assertNames(old.run(Action.STATUS), "Somebody has locked what it needs");
            statement.execute("commit");
            old.succeed(Action.MIGRATE);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alter table messages rename content to body | public.messages: column content is missing",
                "alter table tenant_users rename role to kind | public.tenant_users: column role is missing",
                "drop table tenant_users cascade | public.tenant_users: column user_id is missing",
                "alter table conversations alter metadata drop default, alter metadata type text | public.conversations: column metadata is text",
                "alter table messages alter seq add generated always as identity | public.messages: column seq has an identity, so nobody can fill it",
                "alter table conversations drop metadata cascade, add metadata jsonb generated always as ('{}') stored | public.conversations: column metadata has an expression, so nobody can fill it",
                "alter table conversations alter title type varchar(80) | public.conversations: column title is character varying(80)"
            })
    void namesAColumnThatIsMissingOrOfAnotherTypeAfterwards(String statement, String words) throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V15, Owner.SUPERUSER, Action.MIGRATE, Action.COMPLETE)) {
            old.execute(statement);
            for (var action : List.of(Action.STATUS, Action.CHECK)) {
                var report = old.run(action);
                assertTrue(
                        report.findings().stream()
                                .anyMatch(it -> it.blocks() && it.finding().equals(words)),
                        report::json);
                assertFalse(report.json().contains("Look at DATABASE_URL"), report::json);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "messages rename model to language | renamed: alter table public.messages rename column language to model;",
                "messages drop model | dropped: alter table public.messages add column model text;",
                "conversations drop labels cascade | dropped: alter table public.conversations add column labels text[] default '{}'::text[];",
                "messages alter seq add generated always as identity | : alter table public.messages alter column seq drop identity;",
                "messages rename content to body | renamed: alter table public.messages rename column body to content;"
            })
    void saysHowAColumnBecomesWhatItWas(String fault, String remedy) throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V15, Owner.SUPERUSER, Action.MIGRATE, Action.COMPLETE)) {
            old.execute("alter table " + fault);
            var said = old.run(Action.STATUS).findings().stream()
                    .map(it -> ": " + it.remedy().replace("OLD", fault.replaceAll(".* ", "")))
                    .toList();
            assertTrue(said.stream().anyMatch(it -> it.contains(remedy)), said::toString);

            old.execute(remedy.replaceFirst(".*?: ", ""));

            old.succeed(Action.MIGRATE);
        }
    }

    @Test
    void namesAServerThatLetsNoPolicyFilter() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.PLAIN)) {
            old.execute("alter system set row_security = off");
            try {
                old.execute("select pg_reload_conf(), pg_sleep(1)");
                assertNames(old.run(Action.STATUS), "The server has row_security off by default");
            } finally {
                old.execute("alter system reset row_security");
                old.execute("select pg_reload_conf(), pg_sleep(1)");
            }
        }
    }

    @Test
    void namesOrphansAndMissingTables() throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.PLAIN)) {
            old.execute("""
                    alter table chat_sessions drop constraint chat_sessions_tenant_id_fkey;
                    delete from tenants where id = '%s'""".formatted(OldDatabase.TENANT_B));
            assertNames(old.run(Action.MIGRATE), "1 rows of chat_sessions have a tenant that does not exist");
            old.execute("drop table tenant_users cascade; drop table tenants cascade");
            assertNames(old.run(Action.STATUS), "public.tenants is missing", "public.tenant_users is missing");
        }
    }

    @Test
    void namesTheRightsThatAreMissing() throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.PLAIN)) {
            old.execute("revoke create on schema public from owner_plain, public");
            old.execute("revoke create on database %s from owner_plain"
                    .formatted(old.database().name()));

            assertNames(old.run(Action.MIGRATE), "may not create a schema", "may not create tables in schema public");

            old.execute("revoke usage on schema public from public");
            assertNames(old.run(Action.STATUS), "permission denied for schema public: as its owner, grant usage on it");
        }
    }

    private static void assertNames(Report report, String... wanted) {
        for (var words : wanted) {
            assertTrue(
                    report.findings().stream().anyMatch(it -> it.finding().contains(words)),
                    () -> words + " in " + report.json());
        }
        assertTrue(report.findings().stream().noneMatch(it -> it.remedy().isBlank())
                || report.action().equals("status"));
        assertEquals(
                List.of(),
                report.steps().stream()
                        .map(StepResult::name)
                        .filter(it -> !it.equals("preflight"))
                        .toList());
    }
}
