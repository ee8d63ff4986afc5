package history.gateway;

import java.util.Locale;
import java.util.Optional;

/**
 * What a caller would rather have (RFC 9110, 12.5.1): the quality that the header gives a media type, by the most exact of its
 * ranges; no header takes everything alike.
 */
public final class Accept {
    private Accept() {}

    /** Whether a type is wanted as much as another and asked for more expressly, or wanted more. */
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

    /** @param exactness 2 for the type itself, 1 for all of its kind, 0 for all there are */
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

        /** What is no weight counts as none given. */
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
