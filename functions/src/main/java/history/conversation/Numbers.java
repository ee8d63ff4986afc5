package history.conversation;

import history.http.HttpRequest;
import history.http.Problem;
import org.jspecify.annotations.Nullable;

/** Whole numbers in query parameters. */
final class Numbers {
    private Numbers() {}

    private static final long MOST = 999_999_999_999_999_999L;

    /** Null if the parameter is absent; a {@link Problem} 400 if it is not a number or out of range. */
    static @Nullable Long of(HttpRequest request, String name, int least, long most) {
        var text = request.parameter(name).orElse(null);
        var number = text == null || !text.matches("[0-9]{1,18}") ? null : Long.valueOf(text);
        if (text != null && (number == null || number < least || number > most)) {
            throw Problem.badRequest(name + " must be a whole number from " + least + " to " + most + ".");
        }
        return number;
    }

    static @Nullable Long of(HttpRequest request, String name, int least) {
        return of(request, name, least, MOST);
    }

    /** What the caller asks for, limited to what the endpoint returns. */
    static int atMost(HttpRequest request, String name, int otherwise, int most) {
        var number = of(request, name, 1);
        return number == null ? otherwise : (int) Math.min(number, most);
    }
}
