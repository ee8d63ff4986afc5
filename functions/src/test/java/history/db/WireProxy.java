package history.db;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a client and PostgreSQL and counts the messages that make a client wait for the server: Sync and simple
 * queries.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">the message formats</a>
 */
public final class WireProxy implements AutoCloseable {
    private static final int STARTUP = 196_608;

    private final ServerSocket listener;
    private final int serverPort;
    private final Queue<Socket> clients = new ConcurrentLinkedQueue<>();
    private volatile boolean silent;
    private volatile Duration delay = Duration.ZERO;
    private final AtomicReference<@Nullable String> trap = new AtomicReference<>();
    private final AtomicInteger roundTrips = new AtomicInteger();

    public WireProxy(int serverPort) throws IOException {
        this(serverPort, 0);
    }

    WireProxy(int serverPort, int port) throws IOException {
        this.serverPort = serverPort;
        this.listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The round trips since this was asked last. */
    public int roundTrips() {
        return roundTrips.getAndSet(0);
    }

    /** Takes what clients say and answers nothing any more. */
    void fallSilent() {
        silent = true;
    }

    /** Makes each new client wait before the server hears of it. */
    void delay(Duration delay) {
        this.delay = delay;
    }

    /** Hangs up, once, in place of passing on a statement with these words. */
    void hangUpAt(String words) {
        trap.set(words);
    }

    /** Hangs up on every client, without a word. */
    void hangUp() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        clients.clear();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                clients.add(client);
                client.setTcpNoDelay(true);
                var server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                server.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> count(client, server));
                Thread.ofVirtual().start(() -> pass(server, client));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void count(Socket client, Socket server) {
        try (client;
                server) {
            var input = new DataInputStream(client.getInputStream());
            OutputStream output = server.getOutputStream();
            boolean started = false;
            Thread.sleep(delay);
            while (true) {
                while (silent) {
                    Thread.sleep(50);
                }
                int type = started ? input.readUnsignedByte() : -1;
                int length = input.readInt();
                byte[] rest = input.readNBytes(length - 4);
                String words = trap.get();
                if (words != null && new String(rest, StandardCharsets.UTF_8).contains(words)) {
                    trap.set(null);
                    return;
                }
                if (type == 'S' || type == 'Q') {
                    roundTrips.incrementAndGet();
                }
                write(output, type, length, rest);
                started = started || new java.math.BigInteger(rest, 0, 4).intValue() == STARTUP;
            }
        } catch (IOException | InterruptedException closed) {
            // One side has gone, and with it the other.
        }
    }

    private static void write(OutputStream output, int type, int length, byte[] rest) throws IOException {
        var message = java.nio.ByteBuffer.allocate((type < 0 ? 0 : 1) + 4 + rest.length);
        if (type >= 0) {
            message.put((byte) type);
        }
        output.write(message.putInt(length).put(rest).array());
        output.flush();
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException closed) {
            // One side has gone, and with it the other.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
