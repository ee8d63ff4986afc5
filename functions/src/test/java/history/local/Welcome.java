package history.local;

import java.nio.file.Files;
import java.nio.file.Path;

/** What to try next, ready to be pasted. */
final class Welcome {
    private Welcome() {}

    static String to(LocalRun run, Path template) {
        var token = """
                TOKEN=$(curl -s %s/local/token -d '{"email":"ada@example.com","tenant":"demo","role":"user"}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')""".formatted(run.url());
        return run.rehearses() ? rehearsal(run, token, jar(template)) : run(run, token);
    }

    private static String run(LocalRun run, String token) {
        return """

                Ready: %1$s

                  Open it in a browser, or speak to the API. A token for Ada, who is made when she is missing:
                    %2$s
                  Say something, and see what is kept:
                    curl -s %1$s/api/chat -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"message":"Hello"}'
                    curl -s %1$s/api/conversations -H "Authorization: Bearer $TOKEN"

                  Database: %3$s
                  Stop: Ctrl-C
                """.formatted(run.url(), token, run.database());
    }

    private static String rehearsal(LocalRun run, String token, Path jar) {
        return """

                Ready: %1$s

                  Open it in a browser and choose Migration, or watch it here: both sides, and the old application at work (its failures must stay 0):
                    curl -s %1$s/local/rehearsal
                  The new API, of limited use until migrate has run:
                    %2$s
                    curl -s %1$s/api/conversations -H "Authorization: Bearer $TOKEN"
                  What will happen; then do it:
                    curl -s %1$s/local/migration -d '{"action":"status"}'
                    curl -s %1$s/local/migration -d '{"action":"migrate"}'
                  What could not become a message; mend it, and let migrate take it:
                    curl -s %1$s/local/quarantine
                    curl -s %1$s/local/quarantine -d '{"reason":"role_missing","merge":{"role":"assistant"}}'
                    curl -s %1$s/local/migration -d '{"action":"migrate"}'
                  Prove it, go back, and forth again:
                    curl -s %1$s/local/migration -d '{"action":"verify"}'
                    curl -s %1$s/local/migration -d '{"action":"rollback"}'
                    curl -s %1$s/local/migration -d '{"action":"migrate"}'
                  Switch the old application off; what status has in "confirm" completes it:
                    curl -s %1$s/local/rehearsal -d '{"writing":false}'
                    curl -s %1$s/local/migration -d '{"action":"status"}'
                    curl -s %1$s/local/migration -d '{"action":"complete","confirm":"…"}'
                  The same with the jar%3$s:
                    DATABASE_URL=%4$s %5$s -jar %6$s status

                  Database: %4$s
                  Stop: Ctrl-C; the next rehearsal begins anew
                """.formatted(
                        run.url(),
                        token,
                        Files.exists(jar) ? "" : ", which ./mvnw -q package -DskipTests makes",
                        run.database(),
                        // The JDK that runs this runs the jar, too; the machine's default one may be older.
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        jar);
    }

    private static Path jar(Path template) {
        return template.toAbsolutePath().normalize().resolveSibling("migration-function/target/migration-function.jar");
    }
}
