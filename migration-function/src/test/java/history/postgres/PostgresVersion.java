package history.postgres;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** The servers that tests run on: the newest, and the oldest that is supported. */
public enum PostgresVersion {
    V15,
    V18;

    PgBinaryResolver binaries() {
        return switch (this) {
            case V15 -> new OldestBinaries();
            case V18 -> DefaultPostgresBinaryResolver.INSTANCE;
        };
    }

    /** Both artefacts hold the same file name, so the build unpacks the older one into a folder of its own. */
    private record OldestBinaries() implements PgBinaryResolver {
        @Override
        public InputStream getPgBinary(String system, String hardware) throws IOException {
            var name = "/postgres-15/postgres-%s-%s.txz"
                    .formatted(system, hardware)
                    .toLowerCase(Locale.ROOT);
            var binaries = PostgresVersion.class.getResourceAsStream(name.replace(' ', '_'));
            if (binaries == null) {
                throw new IOException("no PostgreSQL 15 on the class path: " + name);
            }
            return binaries;
        }
    }
}
