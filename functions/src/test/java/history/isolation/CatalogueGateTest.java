package history.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The catalogue of a migrated database shows no gap; that the query can find one is for {@link SqlMutantsTest} to show. */
final class CatalogueGateTest {
    static Stream<Arguments> findsNothing() {
        return Stream.of(Stage.values())
                .flatMap(stage -> Stream.of(PostgresVersion.values()).map(version -> Arguments.of(stage, version)));
    }

    @MethodSource
    @ParameterizedTest
    void findsNothing(Stage stage, PostgresVersion version) throws Exception {
        try (var database = stage.database(version);
                var superuser = database.connect(PostgresServer.SUPERUSER)) {
            assertEquals(List.of(), Catalogue.findings(superuser));
        }
    }
}
