package history.rooms;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who uses whom, as the compiled classes have it: an arrow goes from a class to one that it names anywhere, were it only in a
 * signature. Nested classes count as the one they stand in, and those of other modules are left out.
 */
record Arrows(Map<String, Set<String>> of) {
    private static final Pattern OURS = Pattern.compile("\\bhistory(?:/[a-z0-9]+)*/[A-Z]\\w*");

    static Arrows in(Path classes) throws IOException {
        var arrows = new TreeMap<String, Set<String>>();
        try (var files = Files.walk(classes)) {
            files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.endsWith("package-info.class"))
                    .forEach(file -> {
                        var from = outermost(classes.relativize(file).toString().replace(".class", ""));
                        var to = arrows.computeIfAbsent(from, name -> new TreeSet<>());
                        named(file).filter(name -> !name.equals(from)).forEach(to::add);
                    });
        }
        arrows.values().forEach(all -> all.retainAll(arrows.keySet()));
        return new Arrows(arrows);
    }

    private static Stream<String> named(Path file) {
        try {
            var names = new TreeSet<String>();
            for (var entry : ClassFile.of().parse(Files.readAllBytes(file)).constantPool()) {
                if (entry instanceof Utf8Entry text) {
                    OURS.matcher(text.stringValue()).results().forEach(name -> names.add(outermost(name.group())));
                }
            }
            return names.stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String outermost(String internalName) {
        return internalName.replaceFirst("\\$.*", "").replace('/', '.');
    }

    static String packageOf(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }

    /** The arrows between packages. */
    Arrows ofPackages() {
        var packages = new TreeMap<String, Set<String>>();
        of.forEach((from, to) -> {
            var room = packages.computeIfAbsent(packageOf(from), name -> new TreeSet<>());
            to.stream()
                    .map(Arrows::packageOf)
                    .filter(name -> !name.equals(packageOf(from)))
                    .forEach(room::add);
        });
        return new Arrows(packages);
    }

    /** Those that lie on a circle, or on a way from one to another: the ends are taken off until there are none. */
    Map<String, Set<String>> circles() {
        var left = new TreeMap<>(of);
        Set<String> before;
        do {
            before = Set.copyOf(left.keySet());
            left.replaceAll((from, to) -> to.stream().filter(left::containsKey).collect(Collectors.toSet()));
            left.values().removeIf(Set::isEmpty);
            var used = left.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
            left.keySet().retainAll(used);
        } while (!before.equals(left.keySet()));
        return left;
    }
}
