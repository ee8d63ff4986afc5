package history.bench;

import com.sun.management.OperatingSystemMXBean;
import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.DoubleSupplier;

/** Seconds of CPU that processes have used so far. */
final class Meter {
    private Meter() {}

    static DoubleSupplier thisProcess() {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return () -> system.getProcessCpuTime() / 1e9;
    }

    static DoubleSupplier process(ProcessHandle process) {
        return () -> of(process);
    }

    /** Of every process of the server; what one uses after it was last seen is lost when it ends. */
    static DoubleSupplier postgres(PostgresDatabase database) throws SQLException {
        try (var connection = database.connect(PostgresServer.SUPERUSER)) {
            var backend = Long.parseLong(Pool.run(connection, "select pg_backend_pid()"));
            var server = ProcessHandle.of(backend).flatMap(ProcessHandle::parent);
            Map<ProcessHandle, Double> seen = new HashMap<>();
            var total = new DoubleAdder();
            return () -> {
                server.stream().flatMap(ProcessHandle::children).forEach(process -> {
                    var now = exactly(process);
                    total.add(now - Objects.requireNonNullElse(seen.put(process, now), 0.0));
                });
                return total.sum();
            };
        }
    }

    static double of(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
    }

    /** Linux knows the nanoseconds of a process that has one thread; elsewhere what its clock ticks say. */
    private static double exactly(ProcessHandle process) {
        try {
            var times = Files.readString(Path.of("/proc", Long.toString(process.pid()), "schedstat"));
            return Long.parseLong(List.of(times.split(" ", -1)).getFirst()) / 1e9;
        } catch (IOException elsewhere) {
            return of(process);
        }
    }
}
