package history.migration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One user's conversations as a file of JSON lines, and back. The last line is the manifest: how many lines there are of each
 * kind, and a checksum of all that stands above it.
 */
record Transfer(Run run) {
    private static final int FORMAT = 1;
    private static final int LINES = 500;
    private static final int CHARACTERS = 4 << 20;

    /** Work with the file. */
    @FunctionalInterface
    private interface Work {
        String run(Path file) throws IOException, SQLException, Stop;
    }

    /** What a manifest says of the lines above it. */
    private static final class Count {
        private final Map<String, Long> lines = new TreeMap<>();
        private final MessageDigest sha256;

        Count() {
            try {
                sha256 = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        void add(String kind, String line) {
            lines.merge(kind, 1L, Long::sum);
            sha256.update((line + "\n").getBytes(StandardCharsets.UTF_8));
        }

        Map<String, Object> manifest() {
            return new TreeMap<>(Map.of(
                    "format", FORMAT, "lines", lines, "sha256", HexFormat.of().formatHex(sha256.digest())));
        }
    }

    String write() throws SQLException, Stop {
        return with(file -> {
            if (Files.exists(file)) {
                throw Stop.failed("%s exists already".formatted(file));
            }
            // As a temporary file it is the owner's alone.
            var part = Files.createTempFile(file.toAbsolutePath().resolveSibling("."), "export", ".part");
            var order = run.order();
            var count = new Count();
            try {
                try (var out = Files.newBufferedWriter(part)) {
                    run.session()
                            .each(
                                    SqlFile.text("export/lines.sql"),
                                    row -> {
                                        var line = row.getString(2);
                                        count.add(row.getString(1), line);
                                        try {
                                            out.append(line).append('\n');
                                        } catch (IOException e) {
                                            throw new UncheckedIOException(e);
                                        }
                                        return true;
                                    },
                                    order.user(),
                                    order.tenant(),
                                    order.tenant());
                    var manifest = count.manifest();
                    manifest.put("type", "manifest");
                    manifest.put("exported_at", Instant.now().toString());
                    out.append(Report.JSON.writeValueAsString(manifest)).append('\n');
                }
                Files.move(part, file);
            } finally {
                Files.deleteIfExists(part);
            }
            return "%s: %s".formatted(file, count.lines);
        });
    }

    String read() throws SQLException, Stop {
        return with(file -> {
            verify(file);
            var session = run.session();
            if (!session.isTrue(
                    "select exists (select from public.tenant_users where tenant_id = ? and user_id = ?)",
                    run.order().tenant(),
                    run.order().user())) {
                throw Stop.failed("the user is no member of the tenant, and nobody would see the conversations");
            }
            var chunk = new ArrayList<String>();
            var added = 0L;
            // Since the last commit, which only comes between two conversations; size is that of the chunk.
            var lines = 0L;
            var size = 0L;
            session.execute("begin");
            try (var in = Files.newBufferedReader(file)) {
                for (var line = in.readLine(); line != null; line = in.readLine()) {
                    var endsTransaction = lines >= LINES && kind(line).equals("conversation");
                    if (endsTransaction || chunk.size() >= LINES || size >= CHARACTERS) {
                        added += store(chunk);
                        size = 0;
                    }
                    if (endsTransaction) {
                        session.execute("commit; begin");
                        run.lease().beat();
                        lines = 0;
                    }
                    chunk.add(line);
                    lines++;
                    size += line.length();
                }
                added += store(chunk);
                session.execute("commit");
            } finally {
                session.execute("rollback");
            }
            return "conversations that were not there: %,d".formatted(added);
        });
    }

    private long store(List<String> chunk) throws SQLException {
        var added = run.session()
                .number(
                        "select history.import_lines(?, ?, ?::jsonb)",
                        run.order().tenant(),
                        run.order().user(),
                        chunk.toString()); // a list of JSON in brackets, with commas: an array
        chunk.clear();
        return added;
    }

    /** All of it, before anything is stored. */
    private static void verify(Path file) throws IOException, Stop {
        var count = new Count();
        var last = "";
        var kind = "";
        // What is no text is replaced, and found by the checksum.
        try (var in = new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            var number = 0L;
            for (var line = next(in); line != null; line = next(in)) {
                if (number++ > 0) {
                    count.add(kind, last);
                }
                last = line;
                kind = kind(line);
                if (kind.isEmpty()) {
                    throw changed(file, "line %,d is none of an export".formatted(number));
                }
            }
            if (!kind.equals("manifest")) {
                throw changed(file, "the last of its %,d lines is no manifest".formatted(number));
            }
        }
        var manifest = Report.JSON.readTree(last);
        for (var said : count.manifest().entrySet()) {
            if (!Report.JSON
                    .valueToTree(said.getValue())
                    .toString()
                    .equals(manifest.path(said.getKey()).toString())) {
                throw changed(file, said.getKey() + " differs from its manifest");
            }
        }
    }

    private static Stop changed(Path file, String how) {
        return Stop.failed("%s is no export, or was cut or changed: %s. Nothing was imported; export it again"
                .formatted(file, how));
    }

    /** The next line. Only {@code \n} ends one: the checksum is of the bytes as they are. */
    private static @Nullable String next(Reader in) throws IOException {
        var line = new StringBuilder();
        var character = in.read();
        for (; character >= 0 && character != '\n'; character = in.read()) {
            line.append((char) character);
        }
        return character < 0 && line.isEmpty() ? null : line.toString();
    }

    /** The type of a line, whose other values are passed over, whatever their size; empty if it is none of an export. */
    private static String kind(String line) throws IOException {
        try (var json = Report.JSON.createParser(line)) {
            var kind = "";
            if (json.nextToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    var isType = json.currentName().equals("type");
                    if (json.nextToken() == JsonToken.VALUE_STRING && isType) {
                        kind = json.getText();
                    }
                    json.skipChildren();
                }
            }
            return kind;
        } catch (JsonProcessingException notJson) {
            return "";
        }
    }

    private String with(Work work) throws SQLException, Stop {
        var file = Objects.requireNonNull(run.order().file());
        try {
            return work.run(file);
        } catch (IOException | UncheckedIOException e) {
            Log.detail(e.toString());
            // The message alone is often only the name of the file.
            throw Stop.failed("%s cannot be read or written: %s"
                    .formatted(
                            file, e.toString().replaceFirst("^[\\w.$]*\\.", "").replaceAll("\\s+", " ")));
        }
    }
}
