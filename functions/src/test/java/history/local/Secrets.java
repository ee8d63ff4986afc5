package history.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Files of the data folder that only their owner may read. */
final class Secrets {
    private Secrets() {}

    /** Reads the file; the first time makes it. */
    static String keep(Path file, Maker maker) throws IOException {
        if (!Files.exists(file)) {
            // Private from its first byte on, and never half a secret under its final name.
            var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            Files.createDirectories(file.getParent());
            var draft = Files.createTempFile(file.getParent(), "secret", ".tmp", ownerOnly);
            Files.writeString(draft, maker.make());
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file);
    }

    /** Makes a secret. */
    interface Maker {
        String make();
    }
}
