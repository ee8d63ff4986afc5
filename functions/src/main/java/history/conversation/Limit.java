package history.conversation;

import history.http.HttpRequest;
import history.http.Problem;

/** How many rows a page may have: what the caller asks for, within what the endpoint gives. */
final class Limit {
    private Limit() {}

    /** More than {@code most} is {@code most}; less than 1 or no number is a {@link Problem} 400. */
    static int of(HttpRequest request, int otherwise, int most) {
        return request.parameter("limit").map(text -> parse(text, most)).orElse(otherwise);
    }

    private static int parse(String text, int most) {
        if (!text.matches("\\+?0*[1-9][0-9]*")) {
            throw Problem.badRequest("limit must be a whole number from 1.");
        }
        return text.length() > 9 ? most : Math.min(Integer.parseInt(text), most);
    }
}
