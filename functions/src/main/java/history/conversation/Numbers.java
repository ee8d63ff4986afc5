package history.conversation;

import history.http.HttpRequest;
import history.http.Problem;
import org.jspecify.annotations.Nullable;

/** Whole numbers that a query names. */
final class Numbers {
    private Numbers() {}

    private static final long MOST = 999_999_999_999_999_999L;

    /** Null where it is not named; what is no number, or less or more than that, is a {@link Problem} 400. */
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

    /** What the caller asks for, within what the endpoint gives. */
    static int atMost(HttpRequest request, String name, int otherwise, int most) {
        var number = of(request, name, 1);
        return number == null ? otherwise : (int) Math.min(number, most);
    }
}
