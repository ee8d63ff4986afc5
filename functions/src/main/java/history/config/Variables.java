package history.config;

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
    /** A variable that begins like this is meant for us: one that nobody reads is misspelt. */
    private static final List<String> OURS = List.of("CHAT_", "DATABASE_", "JWT_");

    private final Map<String, String> environment;
    private final Set<String> known = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();

    public Variables(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * What the reader makes of the environment.
     *
     * @throws IllegalArgumentException with a line for each variable that is missing, wrong or unknown
     */
    public static <T> T read(Map<String, String> environment, Function<Variables, T> reader) {
        var variables = new Variables(environment);
        T result = reader.apply(variables);
        variables.check();
        return result;
    }

    /** The text exactly as it stands. */
    public Optional<String> text(String name) {
        known.add(name);
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
    }

    /** For whoever reads variables of the platform, when it needs them. */
    public String orEmpty(String name) {
        return text(name).orElse("");
    }

    /** The text exactly as it stands; reported when it is unset. */
    public String required(String name, String meaning) {
        var text = text(name);
        if (text.isEmpty()) {
            problem(name, "is required: " + meaning);
        }
        return text.orElse("");
    }

    /** What the parser makes of the text; what it throws is reported: {@code must be …}, without the value of a secret. */
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
            // Said below, together with the numbers that are out of range.
        }
        throw new IllegalArgumentException("must be a whole number from " + least + " to " + most + ", not " + text);
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

    /** Where nothing of that kind is read at all, it is another function's. */
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
