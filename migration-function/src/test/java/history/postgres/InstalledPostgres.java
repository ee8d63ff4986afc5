package history.postgres;

import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The PostgreSQL 15 of Debian and Ubuntu, where it is installed: unlike the embedded ones it has extensions, and JIT. */
final class InstalledPostgres implements PgBinaryResolver {
    private static final Path HOME = Path.of("/usr/lib/postgresql/15");

    static boolean exists() {
        return Files.isExecutable(HOME.resolve("bin/postgres"));
    }

    /** An archive of nothing but a link to the programs, always the same, since it is unpacked once for each content. */
    @Override
    public InputStream getPgBinary(String system, String hardware) throws IOException {
        var folder = Files.createTempDirectory("installed-postgres");
        var link = Files.createSymbolicLink(folder.resolve("bin"), HOME.resolve("bin"));
        var packing = new ProcessBuilder(
                        "tar",
                        "--create",
                        "--xz",
                        "--mtime=@0",
                        "--owner=0",
                        "--group=0",
                        "--directory=" + folder,
                        "bin")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var archive = packing.getInputStream().readAllBytes();
        Files.delete(link);
        Files.delete(folder);
        return new ByteArrayInputStream(archive);
    }
}
