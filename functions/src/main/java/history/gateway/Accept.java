package history.gateway;

import java.util.Locale;
import java.util.Optional;

/**
 * Which media type a caller prefers (RFC 9110, 12.5.1): the weight of a type is that of the most exact range that matches it.
 * Without the header all types are equal.
 */
public final class Accept {
    private Accept() {}

    /** Whether a type weighs more than another; or as much, and the header names it rather than matching it as any type. */
    public static boolean prefers(Optional<String> accept, String type, String otherwise) {
        Optional<String> header = accept.filter(text -> !text.isBlank());
        if (header.isEmpty()) {
            return false;
        }
        Range wanted = Range.of(type, header.get());
        Range other = Range.of(otherwise, header.get());
        return wanted.quality > 0
                && (wanted.quality > other.quality || (wanted.quality == other.quality && wanted.exactness > 0));
    }

    /** @param exactness 2 for the type itself, 1 for all subtypes, 0 for any type, -1 for no match */
    private record Range(int exactness, double quality) {
        static Range of(String type, String header) {
            var best = new Range(-1, 0);
            for (String element : header.toLowerCase(Locale.ROOT).split(",", -1)) {
                String[] parts = element.split(";", -1);
                int exactness = exactness(type, parts[0].strip());
                if (exactness > best.exactness) {
                    best = new Range(exactness, quality(parts));
                }
            }
            return best;
        }

        private static int exactness(String type, String range) {
            if (range.equals(type)) {
                return 2;
            }
            return range.equals(type.split("/", 2)[0] + "/*") ? 1 : range.equals("*/*") ? 0 : -1;
        }

        /** An invalid weight is ignored. */
        private static double quality(String[] parts) {
            for (int i = 1; i < parts.length; i++) {
                String parameter = parts[i].strip();
                if (parameter.matches("q\\s*=\\s*(0(\\.\\d*)?|1(\\.0*)?)")) {
                    return Double.parseDouble(
                            parameter.substring(parameter.indexOf('=') + 1).strip());
                }
            }
            return 1;
        }
    }
}
