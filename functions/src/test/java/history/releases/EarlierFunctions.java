package history.releases;

import java.net.URL;
import java.net.URLClassLoader;

/** Our classes as an earlier release shipped them; everything else is what the tests run with. */
public final class EarlierFunctions extends URLClassLoader {
    public EarlierFunctions(String release) {
        super(new URL[] {resource(release)}, EarlierFunctions.class.getClassLoader());
    }

    private static URL resource(String release) {
        var jar = EarlierFunctions.class.getResource(release + "/classes.jar");
        if (jar == null) {
            throw new IllegalArgumentException("no classes of " + release);
        }
        return jar;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("history.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            var loaded = findLoadedClass(name);
            return loaded != null ? loaded : findClass(name);
        }
    }
}
