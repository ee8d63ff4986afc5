package history.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** Makes sure that one process uses a data folder, and that no server of a killed one is left on it. */
final class DataFolder {
    private DataFolder() {}

    /** @throws IllegalStateException when somebody uses it */
    static Path claim(Path folder) {
        try {
            var data = Files.createDirectories(folder).toRealPath();
            if (!isFree(data)) {
                throw new IllegalStateException(
                        "The data folder %s is in use: stop the other run, or choose another folder.".formatted(data));
            }
            stopOrphan(data.resolve("postmaster.pid"));
            return data;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFree(Path data) throws IOException {
        // The file that the embedded server locks as long as its JVM lives.
        var lockFile = data.resolve("epg-lock");
        if (!Files.exists(lockFile)) {
            return true;
        }
        try (var channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                var lock = channel.tryLock()) {
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static void stopOrphan(Path pidFile) throws IOException {
        if (!Files.exists(pidFile)) {
            return;
        }
        var lines = Files.readAllLines(pidFile);
        if (lines.isEmpty()) {
            return;
        }
        var process = ProcessHandle.of(Long.parseLong(lines.getFirst().strip()));
        if (process.isPresent() && process.get().info().command().orElse("").contains("postgres")) {
            signal("INT", process.get());
            process.get().onExit().orTimeout(20, TimeUnit.SECONDS).join();
        }
    }

    static void signal(String name, ProcessHandle process) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
