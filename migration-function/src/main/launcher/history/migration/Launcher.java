package history.migration;

/** Where the jar begins: says in a sentence that Java is too old. Compiled for Java 8, so that old ones can read it. */
public final class Launcher {
    private static final int NEEDED = 25;

    private Launcher() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        String version = System.getProperty("java.specification.version");
        if (Integer.parseInt(version.replaceFirst("^1\\.", "")) < NEEDED) {
            System.err.println("The migration needs Java " + NEEDED + " or newer, and this is Java " + version + " in "
                    + System.getProperty("java.home") + ".");
            System.exit(2);
        }
        Class.forName("history.migration.MigrationCommand")
                .getMethod("main", String[].class)
                .invoke(null, (Object) arguments);
    }
}
