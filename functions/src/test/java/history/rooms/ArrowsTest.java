package history.rooms;

import static org.junit.jupiter.api.Assertions.assertEquals;

import history.http.ApiHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A reader can go through the code from the handlers down, and never has to come back up. */
final class ArrowsTest {
    /** The handlers on top; a package uses those of lower floors only. */
    private static final List<Set<String>> FLOORS = List.of(
            Set.of("history.chat", "history.runtime"),
            Set.of("history.chat.dialect"),
            Set.of("history.chat.turn"),
            Set.of("history.conversation", "history.chat.model"),
            Set.of("history.message", "history.body"),
            Set.of("history.http", "history.db"),
            Set.of("history.auth", "history.gateway", "history.log"),
            Set.of("history.failure", "history.config", "history.text"),
            Set.of("history.access"));

    private final Arrows classes = Arrows.in(Path.of(
            ApiHandler.class.getProtectionDomain().getCodeSource().getLocation().toURI()));

    ArrowsTest() throws Exception {}

    @Test
    void everyPackageHasItsFloor() {
        var floors = FLOORS.stream().flatMap(Set::stream).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(floors, new TreeSet<>(classes.ofPackages().of().keySet()));
    }

    @Test
    void noArrowRunsUpOrAlongAFloor() {
        List<String> wrong = new ArrayList<>();
        classes.of()
                .forEach((from, all) -> all.stream()
                        .filter(to -> !Arrows.packageOf(to).equals(Arrows.packageOf(from)))
                        .filter(to -> floor(to) <= floor(from))
                        .forEach(to -> wrong.add(from + " -> " + to)));
        assertEquals(List.of(), wrong);
    }

    private static int floor(String name) {
        for (int i = 0; i < FLOORS.size(); i++) {
            if (FLOORS.get(i).contains(Arrows.packageOf(name))) {
                return i;
            }
        }
        throw new AssertionError(name + " is on no floor");
    }

    @Test
    void noClassesUseEachOtherInACircle() {
        assertEquals(Map.of(), classes.circles());
    }
}
