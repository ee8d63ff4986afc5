package history.postgres;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** A test of some constants of the enum that it takes, of all of them under {@code -Phunt}: every build tries each somewhere. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@Tag(Some.TAG)
@ArgumentsSource(Some.Provider.class)
public @interface Some {
    /** The names of those that every build tries. */
    String[] value();

    /** For other tests that leave something to {@code -Phunt}. */
    String TAG = "some";

    /** Whether all are tried. */
    boolean ALL = Boolean.getBoolean("hunt");

    /** Reads the annotation of the test. */
    final class Provider implements ArgumentsProvider {
        @Override
        public Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context) {
            var names = List.of(
                    context.getRequiredTestMethod().getAnnotation(Some.class).value());
            return Arrays.stream(context.getRequiredTestMethod()
                            .getParameterTypes()[0]
                            .getEnumConstants())
                    .filter(it -> ALL || names.contains(((Enum<?>) it).name()))
                    .map(Arguments::of);
        }
    }
}
