package history.access;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The hosts that are this machine, to which secrets may be sent in plain text. */
public final class Loopback {
    private static final Pattern HOST =
            Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?(::1|0:0:0:0:0:0:0:1)]?", Pattern.CASE_INSENSITIVE);

    private Loopback() {}

    public static boolean is(@Nullable String host) {
        return host != null && HOST.matcher(host).matches();
    }
}
