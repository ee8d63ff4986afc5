package history.conversation;

import history.http.HttpRequest;
import history.http.Problem;
import org.jspecify.annotations.Nullable;

/** Whole numbers that a query names. */
final class Numbers {
    private Numbers() {}

    /** Null where it is not named; less than {@code least} or no number is a {@link Problem} 400. */
    static @Nullable Long of(HttpRequest request, String name, int least) {
        var text = request.parameter(name).orElse(null);
        if (text != null && (!text.matches("[0-9]{1,18}") || Long.parseLong(text) < least)) {
            throw Problem.badRequest(name + " must be a whole number from " + least + ".");
        }
        return text == null ? null : Long.valueOf(text);
    }

    /** What the caller asks for, within what the endpoint gives. */
    static int atMost(HttpRequest request, String name, int otherwise, int most) {
        var number = of(request, name, 1);
        return number == null ? otherwise : (int) Math.min(number, most);
    }
}
