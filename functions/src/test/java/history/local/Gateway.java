package history.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Plays the HTTP API of {@code template.yaml} on the loopback: routes, CORS, payload 2.0, limits, and the words of its own
 * refusals. Unlike the real one it does not hold events back until the function is done.
 */
public final class Gateway implements AutoCloseable {
    /** What Lambda takes in one synchronous invocation, and gives back. */
    static final int PAYLOAD_LIMIT = 6 * 1024 * 1024;

    static {
        // Otherwise the kernel holds an event back until the client has acknowledged the one before it.
        System.setProperty("robaho.net.httpserver.nodelay", "true");
    }

    private record Endpoint(Route route, RequestStreamHandler function) {}

    private final List<HttpServer> servers;
    /** One for each connection. Virtual ones cost a list on loopback a third more. */
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private Gateway(List<HttpServer> servers) {
        this.servers = servers;
    }

    /**
     * Takes the port; nothing is answered before {@link #start}.
     *
     * @param port 0 for any that is free
     * @throws BindException when the port is taken
     */
    public static Gateway bind(int port) throws IOException {
        var servers = new ArrayList<HttpServer>();
        servers.add(HttpServer.create(new InetSocketAddress(address(127, 0, 0, 1), port), 0));
        // A client may take "localhost" for either of the two loopback addresses.
        var six = address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
        try {
            servers.add(HttpServer.create(
                    new InetSocketAddress(six, servers.getFirst().getAddress().getPort()), 0));
        } catch (BindException e) {
            if (NetworkInterface.getByInetAddress(six) != null) {
                servers.getFirst().stop(0);
                throw e;
            }
        }
        return new Gateway(servers);
    }

    private static InetAddress address(int... parts) throws IOException {
        var bytes = new byte[parts.length];
        for (var i = 0; i < parts.length; i++) {
            bytes[i] = (byte) parts[i];
        }
        return InetAddress.getByAddress(bytes);
    }

    public int port() {
        return servers.getFirst().getAddress().getPort();
    }

    /** Serves the template's routes and what else is given: by its whole path, or by its beginning if it ends like "/page/". */
    public void start(
            Template template, Function<String, RequestStreamHandler> handlers, Map<String, HttpHandler> others) {
        start(template, handlers, others, Front.HTTP_API);
    }

    /** The same as another front would. */
    void start(
            Template template,
            Function<String, RequestStreamHandler> handlers,
            Map<String, HttpHandler> others,
            Front front) {
        var cors = template.cors();
        var functions = new HashMap<String, RequestStreamHandler>();
        var endpoints = template.routes().stream()
                .map(route -> new Endpoint(route, functions.computeIfAbsent(route.handler(), handlers)))
                .toList();
        for (var server : servers) {
            server.setExecutor(threads);
            server.createContext("/", exchange -> {
                var other = others.get(exchange.getRequestURI().getRawPath());
                if (other == null) {
                    serve(exchange, endpoints, cors, front);
                    exchange.close();
                } else {
                    other.handle(exchange);
                }
            });
            others.forEach((path, handler) -> {
                if (path.matches("/.+/")) {
                    server.createContext(path, handler);
                }
            });
            server.start();
        }
    }

    private static void serve(HttpExchange exchange, List<Endpoint> endpoints, Cors cors, Front front)
            throws IOException {
        var requestId = UUID.randomUUID().toString();
        exchange.getResponseHeaders().set("apigw-requestid", requestId);
        var answer = new Answer(exchange, cors);
        if (Cors.isPreflight(exchange.getRequestMethod(), exchange.getRequestHeaders())) {
            cors.preflight(exchange.getRequestHeaders().getFirst("Origin"), exchange.getResponseHeaders());
            answer.send(204, new byte[0]);
            return;
        }
        for (var endpoint : endpoints) {
            var route = endpoint.route();
            var path = exchange.getRequestURI().getRawPath();
            var parameters = path.startsWith(front.prefix())
                    ? route.match(
                            exchange.getRequestMethod(),
                            path.substring(front.prefix().length()))
                    : route.match(exchange.getRequestMethod(), path);
            if (parameters.isPresent()) {
                var event = event(exchange, route, parameters.get(), requestId, front);
                if (event.length > PAYLOAD_LIMIT) {
                    answer.fail(413, "Request Entity Too Large");
                } else {
                    invoke(endpoint.function(), event, LocalContext.of(route, requestId), answer);
                }
                return;
            }
        }
        answer.fail(404, "Not Found");
    }

    private static byte[] event(
            HttpExchange exchange, Route route, Map<String, String> parameters, String requestId, Front front)
            throws IOException {
        var body = exchange.getRequestBody().readNBytes(PAYLOAD_LIMIT + 1);
        if (body.length > PAYLOAD_LIMIT) {
            // A client that is still sending would not look at the answer.
            exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            return body;
        }
        return Event.of(exchange, route, parameters, body, requestId).json(front);
    }

    private static void invoke(RequestStreamHandler function, byte[] event, LocalContext context, Answer answer)
            throws IOException {
        var envelope = new Envelope(answer);
        try {
            function.handleRequest(new ByteArrayInputStream(event), envelope, context);
            envelope.close();
            if (envelope.size() > PAYLOAD_LIMIT) {
                throw new IOException("The function's answer is over 6 MB, more than Lambda takes.");
            }
            answer.finish();
        } catch (IOException | RuntimeException e) {
            System.err.println(context.functionName() + " failed: " + e);
            if (answer.hasStarted()) {
                // Out of the exchange without an end: the client must not take the torso for a whole answer.
                throw e;
            }
            answer.fail(500, "Internal Server Error");
        }
    }

    /** Requests that are being answered have a second to end, which a server that was never started would wait for. */
    @Override
    public void close() {
        servers.forEach(server -> server.stop(server.getExecutor() == null ? 0 : 1));
        threads.shutdownNow();
    }
}
