package history.migration;

/**
 * Something a person should know.
 *
 * @param blocks whether nothing can continue before it is fixed
 */
public record Finding(boolean blocks, String finding, String remedy) {}
