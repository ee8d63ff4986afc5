package history.bench;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import history.local.Gateway;
import history.local.Template;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The gateway of the local run with the functions behind it, on the database and the keys of the environment. */
public final class ServedFunctions {
    private static final Logger ROOT = Logger.getLogger("");

    private ServedFunctions() {}

    public static void main(String[] arguments) throws Exception {
        ROOT.setLevel(Level.SEVERE);
        var gateway = Gateway.bind(0);
        gateway.start(Template.read(Path.of("../template.yaml")), ServedFunctions::handler, Map.of());
        System.out.println("Ready: " + gateway.port());
    }

    private static RequestStreamHandler handler(String name) {
        try {
            return Class.forName(name)
                    .asSubclass(RequestStreamHandler.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
