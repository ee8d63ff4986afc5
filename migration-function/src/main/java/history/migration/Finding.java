package history.migration;

/**
 * Something a person should know.
 *
 * @param blocks whether nothing goes on before it is mended
 */
public record Finding(boolean blocks, String finding, String remedy) {}
