package history.rooms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.Api;
import history.fixture.Call;
import history.fixture.World;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;

/**
 * The files between a call's event and the bytes of its answer, when the function is warm: those that pass it on, which are on the
 * stack when the event and the token are read, rows are asked for and read, the model speaks, and bytes are written. What they use
 * on their way, values and checks, is printed but not limited.
 */
public final class FilesTest {
    private static final Set<String> RAN = new ConcurrentSkipListSet<>();
    private static final Set<String> PASSED_IT_ON = new ConcurrentSkipListSet<>();

    /** Called by every method of ours. */
    public static void ran(String file) {
        RAN.add(file);
    }

    /** Called before each call of ours that leaves the process, or stands for one. */
    public static void leaves() {
        StackWalker.getInstance().forEach(frame -> {
            if (RAN.contains(file(frame.getClassName()))) {
                PASSED_IT_ON.add(file(frame.getClassName()));
            }
        });
    }

    private static String file(String className) {
        return className.replaceFirst("\\$.*", "").replaceFirst("^history\\.", "");
    }

    @Test
    void fewFilesPassACallOn() {
        try (var world = World.create()) {
            var api = new Api(world.environment(), new Tracing());
            api.call(Call.post("/api/conversations", "{}").as(world.ada()));
            var list = Call.get("/api/conversations").as(world.ada());
            var turn = Call.post("/api/chat", "{\"message\":\"Hello\"}").as(world.ada());
            var streamed = turn.header("Accept", "text/event-stream");
            assertFew(10, api, list);
            assertFew(18, api, turn);
            assertFew(18, api, streamed);
        }
    }

    private static void assertFew(int most, Api api, Call call) {
        api.call(call);
        RAN.clear();
        PASSED_IT_ON.clear();
        assertEquals(2, api.call(call).status() / 100);
        System.out.printf(
                "%s %s: %d files pass it on, %d run%n", call.method(), call.path(), PASSED_IT_ON.size(), RAN.size());
        assertTrue(PASSED_IT_ON.size() <= most, PASSED_IT_ON::toString);
        assertTrue(PASSED_IT_ON.containsAll(Set.of("http.ApiHandler", "auth.Authenticator", "db.Database")));
    }

    /** Our classes once more; each of their methods says that it runs. */
    private static final class Tracing extends ClassLoader {
        private static final ClassDesc HERE = ClassDesc.of(FilesTest.class.getName());
        private static final MethodTypeDesc RAN = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);

        private static final List<String> OUTSIDE = List.of(
                "com/fasterxml/jackson/core/JsonFactory.createParser",
                "java/io/OutputStream.",
                "java/sql/PreparedStatement.",
                "java/sql/ResultSet.",
                "org/jose4j/jwt/JwtClaims.",
                "history/chat/model/Transcript.");

        Tracing() {
            super(FilesTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("history.") || name.startsWith(FilesTest.class.getName())) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                var loaded = findLoadedClass(name);
                return loaded == null ? traced(name) : loaded;
            }
        }

        private Class<?> traced(String name) throws ClassNotFoundException {
            try (var original = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (original == null) {
                    throw new ClassNotFoundException(name);
                }
                var bytes = ClassFile.of()
                        .transformClass(
                                ClassFile.of().parse(original.readAllBytes()),
                                ClassTransform.transformingMethodBodies(
                                        method -> !method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME),
                                        CodeTransform.ofStateful(() -> telling(file(name)))));
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException unreadable) {
                throw new ClassNotFoundException(name, unreadable);
            }
        }

        private static boolean isOutside(InvokeInstruction call) {
            var name = call.owner().asInternalName() + "." + call.name().stringValue();
            return OUTSIDE.stream().anyMatch(name::startsWith);
        }

        private static CodeTransform telling(String file) {
            return new CodeTransform() {
                @Override
                public void atStart(CodeBuilder code) {
                    code.loadConstant(file).invokestatic(HERE, "ran", RAN);
                }

                @Override
                public void accept(CodeBuilder code, CodeElement element) {
                    if (element instanceof InvokeInstruction call && isOutside(call)) {
                        code.invokestatic(HERE, "leaves", ConstantDescs.MTD_void);
                    }
                    code.with(element);
                }
            };
        }
    }
}
