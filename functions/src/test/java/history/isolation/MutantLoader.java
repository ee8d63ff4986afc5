package history.isolation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Our classes once more, one of them compiled from a source that was changed; only the servers are shared. */
final class MutantLoader extends ClassLoader {
    private static final String SHARED = "history.postgres.";

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
    /** Never closed: what is known of the class path is known to every compilation. */
    private static final JavaFileManager LIBRARIES = COMPILER.getStandardFileManager(null, null, null);

    private final Map<String, byte[]> compiled;

    MutantLoader(JavaMutant mutant) throws IOException {
        super(MutantLoader.class.getClassLoader());
        this.compiled = compile(mutant);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("history.") || name.startsWith(SHARED)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            var loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (var original = getResourceAsStream(name.replace('.', '/') + ".class")) {
            var changed = compiled.get(name);
            if (changed == null && original == null) {
                throw new ClassNotFoundException(name);
            }
            var bytes = changed != null ? changed : original.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }

    private static Map<String, byte[]> compile(JavaMutant mutant) throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        var source = new Source(mutant.className(), mutant.source());
        var options = List.of("-proc:none", "-nowarn", "-classpath", System.getProperty("java.class.path"));
        var messages = new java.io.StringWriter();
        if (!COMPILER.getTask(messages, new InMemory(LIBRARIES, classes), null, options, null, List.of(source))
                .call()) {
            throw new IllegalStateException(mutant.name() + " does not compile: " + messages);
        }
        return classes;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        private Source(String name, String text) {
            super(URI.create("string:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, byte[]> classes;

        private InMemory(JavaFileManager files, Map<String, byte[]> classes) {
            super(files);
            this.classes = classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, javax.tools.FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return new ByteArrayOutputStream() {
                        @Override
                        public void close() {
                            classes.put(name, toByteArray());
                        }
                    };
                }
            };
        }
    }
}
