package history.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Folders in memory, where the system has a place for them: databases are made and dropped there in a third of the time. */
final class MemoryFolder {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final String PREFIX = "history-tests-";
    private static final long ENOUGH = 4L << 30;

    private MemoryFolder() {}

    /** A folder for this process, or nothing where there is no memory for it. */
    static Optional<Path> create() {
        try {
            if (!Files.isWritable(MEMORY) || Files.getFileStore(MEMORY).getUsableSpace() < ENOUGH) {
                return Optional.empty();
            }
            deleteLeftOvers();
            return Optional.of(Files.createTempDirectory(
                    MEMORY, PREFIX + ProcessHandle.current().pid() + "-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of processes that were killed. */
    private static void deleteLeftOvers() throws IOException {
        try (var folders = Files.newDirectoryStream(MEMORY, PREFIX + "*")) {
            for (var folder : folders) {
                var name = folder.getFileName().toString();
                var process = name.substring(PREFIX.length(), name.lastIndexOf('-'));
                if (ProcessHandle.of(Long.parseLong(process)).isEmpty() && Files.isWritable(folder)) {
                    DataFolder.claim(folder);
                    delete(folder);
                }
            }
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
