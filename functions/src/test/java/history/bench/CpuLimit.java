package history.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A group of processes that together get so much of a CPU, as Lambda gives it by memory: in slices of 20 ms. */
record CpuLimit(Path group) implements AutoCloseable {
    private static final int PERIOD = 20_000;

    /** Empty where there are no control groups, or where they may not be made. */
    static Optional<CpuLimit> of(double cpus) {
        var root = Path.of("/sys/fs/cgroup");
        var name = "history-bench-" + ProcessHandle.current().pid();
        var quota = Integer.toString((int) (PERIOD * cpus));
        try {
            if (Files.exists(root.resolve("cgroup.controllers"))) {
                Files.writeString(root.resolve("cgroup.subtree_control"), "+cpu");
                var group = Files.createDirectories(root.resolve(name));
                Files.writeString(group.resolve("cpu.max"), quota + " " + PERIOD);
                return Optional.of(new CpuLimit(group));
            }
            var group = Files.createDirectories(root.resolve("cpu").resolve(name));
            Files.writeString(group.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD));
            Files.writeString(group.resolve("cpu.cfs_quota_us"), quota);
            return Optional.of(new CpuLimit(group));
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    /** What a command begins with so that it runs in the group. */
    List<String> prefix() {
        var processes = group.resolve("cgroup.procs").toString();
        return List.of("sh", "-c", "echo $$ > \"$0\" && exec \"$@\"", processes);
    }

    @Override
    public void close() throws IOException {
        Files.delete(group);
    }
}
