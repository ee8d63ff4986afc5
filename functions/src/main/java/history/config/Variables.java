package history.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Environment variables, read one after the other; everything that is wrong is reported at once. A variable that is empty or
 * blank counts as unset, because deployment templates cannot leave one out.
 */
public final class Variables {
    /** Prefixes of our variables: an unknown variable that begins with one is reported as misspelled. */
    private static final List<String> OURS = List.of("CHAT_", "DATABASE_", "JWT_", "LIMIT_");

    private final Map<String, String> environment;
    private final Set<String> known = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();

    public Variables(Map<String, String> environment) {
        this.environment = environment;
    }

    /** The text exactly as it is; absent when it is unset or blank. */
    public Optional<String> text(String name) {
        known.add(name);
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
    }

    /** For variables of the platform, which are read when they are needed. */
    public String orEmpty(String name) {
        return text(name).orElse("");
    }

    /** The text exactly as it is; reported when it is unset. */
    public String required(String name, String meaning) {
        var text = text(name);
        if (text.isEmpty()) {
            problem(name, "is required: " + meaning);
        }
        return text.orElse("");
    }

    /** The parsed text. The parser's exception is reported; its message reads {@code must be …} and contains no secret. */
    public <T> Optional<T> value(String name, Function<String, T> parser) {
        try {
            return text(name).map(parser);
        } catch (IllegalArgumentException wrong) {
            problem(name, String.valueOf(wrong.getMessage()));
            return Optional.empty();
        }
    }

    public int number(String name, int otherwise, int least, int most) {
        return value(name, text -> number(text.strip(), least, most)).orElse(otherwise);
    }

    private static int number(String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Reported below, like numbers out of range.
        }
        throw new IllegalArgumentException("must be a whole number from " + least + " to " + most + ", not " + text);
    }

    /** The region of AWS; reported when it is none. */
    public String region(String user) {
        var region = text("AWS_REGION").filter(name -> name.matches("[a-z0-9-]{1,40}"));
        if (region.isEmpty()) {
            problem("AWS_REGION", "must be the name of a region, such as eu-central-1, for " + user);
        }
        return region.orElse("unknown");
    }

    /** The URL, if it is one with a host and without a user; {@link URI} itself takes any number for a port. */
    public static Optional<URI> address(String text) {
        try {
            return Optional.of(URI.create(text))
                    .filter(url -> url.getHost() != null && url.getUserInfo() == null)
                    .filter(url -> url.getPort() != 0 && url.getPort() <= 65_535);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // without its message, which would repeat a password in the URL
        }
    }

    public void problem(String name, String problem) {
        problems.add(name + " " + problem);
    }

    /** Throws an {@link IllegalArgumentException} when anything was reported, or a variable of ours is unknown. */
    public void check() {
        OURS.forEach(this::reportUnknown);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    String.join("\n", problems.stream().distinct().toList()));
        }
    }

    /** If no variable with this prefix is read at all, they belong to another function. */
    private void reportUnknown(String prefix) {
        var names = known.stream().filter(name -> name.startsWith(prefix)).toList();
        if (!names.isEmpty()) {
            environment.keySet().stream()
                    .filter(name -> name.startsWith(prefix)
                            && !names.contains(name)
                            && text(name).isPresent())
                    .sorted()
                    .forEach(name -> problem(name, "is unknown; there are " + String.join(", ", names)));
        }
    }
}
