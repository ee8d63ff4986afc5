package history.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** A server in a process of its own, asked over HTTP: each caller has a connection that stays, and does as little as it can. */
final class Served implements Side {
    /** What a server answered. */
    record Answer(int status, String body) {}

    /** The connection of a caller. */
    private record Line(Socket socket, InputStream in) {}

    private final String name;
    private final Stand stand;
    private final Process process;
    private final int port;
    private final @Nullable Line[] lines = new @Nullable Line[Stand.CALLERS];
    private final AtomicLong number = new AtomicLong();

    private Served(String name, Stand stand, Process process, int port) {
        this.name = name;
        this.stand = stand;
        this.process = process;
        this.port = port;
    }

    /** Returns when it says that it is ready. */
    static Served start(String name, Stand stand, Path folder, Map<String, String> environment, List<String> command)
            throws IOException {
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(environment);
        var log = Path.of("target", "bench-" + name.replaceAll("\\W+", "-") + ".log");
        var process = builder.redirectError(log.toFile()).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // also when we are stopped
        var output = process.inputReader(UTF_8);
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("Ready: ")) {
                return new Served(name, stand, process, Integer.parseInt(line.substring("Ready: ".length())));
            }
        }
        throw new IOException(name + " did not start, see " + log);
    }

    @Override
    public String name() {
        return name;
    }

    DoubleSupplier meter() {
        return () -> Meter.of(process.toHandle());
    }

    @Override
    public void call(Action action, int caller) throws IOException {
        var body = action.body(number.incrementAndGet(), "");
        var answer = ask(action, caller, body);
        for (var i = 0; i < Functions.AGAIN && answer.status() == 503; i++) {
            answer = ask(action, caller, body);
        }
        if (answer.status() / 100 != 2) {
            throw new IOException(name + ": " + action + " " + answer);
        }
    }

    Answer ask(Action action, int caller, String body) throws IOException {
        var kept = lines[caller];
        if (kept != null) {
            try {
                return ask(kept, action, caller, body);
            } catch (EOFException | SocketException waitedTooLong) {
                kept.socket().close();
            }
        }
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        var line = new Line(socket, new BufferedInputStream(socket.getInputStream(), 65_536));
        lines[caller] = line;
        return ask(line, action, caller, body);
    }

    private Answer ask(Line line, Action action, int caller, String body) throws IOException {
        var request = "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\n%s\r\n%s"
                .formatted(
                        action.method,
                        action.path(stand.target(action, caller)),
                        stand.person(action, caller).bearer(),
                        body.isEmpty()
                                ? ""
                                : "Content-Type: application/json\r\nContent-Length: " + body.getBytes(UTF_8).length
                                        + "\r\n",
                        body);
        line.socket().getOutputStream().write(request.getBytes(UTF_8));
        return read(line.in());
    }

    private static Answer read(InputStream in) throws IOException {
        var status = Integer.parseInt(text(in).split(" ", -1)[1]);
        var length = 0;
        var chunked = false;
        for (var header = text(in).toLowerCase(Locale.ROOT);
                !header.isEmpty();
                header = text(in).toLowerCase(Locale.ROOT)) {
            if (header.startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring("content-length:".length()).strip());
            }
            chunked |= header.startsWith("transfer-encoding:") && header.endsWith("chunked");
        }
        return new Answer(status, new String(chunked ? chunks(in) : in.readNBytes(length), UTF_8));
    }

    private static byte[] chunks(InputStream in) throws IOException {
        var body = new ByteArrayOutputStream();
        for (var size = Integer.parseInt(text(in), 16); size > 0; size = Integer.parseInt(text(in), 16)) {
            body.write(in.readNBytes(size));
            text(in);
        }
        text(in);
        return body.toByteArray();
    }

    private static String text(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            line.write(next);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
