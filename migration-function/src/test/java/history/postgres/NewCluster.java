package history.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What a server begins with: made once for all tests of a build and copied, because making it takes longer than all else of a start. */
final class NewCluster {
    /** Seen from either module; where it is missing, each server makes its own. */
    private static final Path TARGET = Path.of(System.getProperty("basedir", "."), "../migration-function/target");

    private NewCluster() {}

    /** Into a folder that is empty, or has a cluster already. */
    static synchronized void copyTo(Path folder, PostgresVersion version) {
        if (!Files.isDirectory(TARGET) || Files.exists(folder.resolve("PG_VERSION"))) {
            return;
        }
        try (var channel = FileChannel.open(
                        TARGET.resolve("new-cluster.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            var made = TARGET.toRealPath().resolve("new-cluster-" + version);
            if (lock.isValid() && !Files.exists(made)) {
                var making = made.resolveSibling("new-cluster-" + version + "-unfinished");
                MemoryFolder.delete(making);
                PostgresServer.startIn(Files.createDirectory(making), PostgresServer.builder(version.binaries()))
                        .close();
                Files.move(making, made);
            }
            run("cp", "-a", made + "/.", folder.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(String... command) throws IOException {
        try {
            if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
                throw new IOException("failed: " + String.join(" ", command));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
