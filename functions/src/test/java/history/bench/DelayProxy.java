package history.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/** A longer way to a server of this machine: whatever is said in either direction arrives so much later. */
final class DelayProxy implements AutoCloseable {
    /** What was said, and when it arrives; nothing at the end. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Piece(byte[] bytes, long due) {}

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int server;
    private final long delay;

    DelayProxy(int server, Duration delay) throws IOException {
        this.server = server;
        this.delay = delay.toNanos();
        Thread.ofPlatform().daemon().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                var client = listener.accept();
                var away = new Socket(InetAddress.getLoopbackAddress(), server);
                client.setTcpNoDelay(true);
                away.setTcpNoDelay(true);
                pass(client, away);
                pass(away, client);
            }
        } catch (IOException closed) {
            // Nobody comes any more.
        }
    }

    private void pass(Socket from, Socket to) {
        var pieces = new LinkedBlockingQueue<Piece>();
        Thread.ofPlatform().daemon().start(() -> take(from, pieces));
        Thread.ofPlatform().daemon().start(() -> give(pieces, to));
    }

    private void take(Socket from, BlockingQueue<Piece> pieces) {
        try {
            var buffer = new byte[65_536];
            for (var n = from.getInputStream().read(buffer);
                    n >= 0;
                    n = from.getInputStream().read(buffer)) {
                pieces.add(new Piece(java.util.Arrays.copyOf(buffer, n), System.nanoTime() + delay));
            }
        } catch (IOException gone) {
            // The other side learns of it.
        }
        pieces.add(new Piece(new byte[0], 0));
    }

    private static void give(BlockingQueue<Piece> pieces, Socket to) {
        try (to) {
            for (var piece = pieces.take(); piece.bytes.length > 0; piece = pieces.take()) {
                for (var left = piece.due - System.nanoTime(); left > 0; left = piece.due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                to.getOutputStream().write(piece.bytes);
            }
        } catch (IOException | InterruptedException gone) {
            // The other side learns of it.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
