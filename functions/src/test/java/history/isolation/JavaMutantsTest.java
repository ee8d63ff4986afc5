package history.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each guard in the code is missed when it is gone; and where the code forgets whose rows are meant, the database does not. */
final class JavaMutantsTest {
    @Test
    void everyGuardIsMissed() throws Exception {
        List<String> survivors = new ArrayList<>();
        List<String> report = new ArrayList<>();
        for (var mutant : JavaMutant.all()) {
            var broken = broken(mutant);
            report.add("%-40s %s"
                    .formatted(mutant.name(), broken.isEmpty() ? "SURVIVES" : broken.getFirst() + more(broken)));
            if (broken.isEmpty()) {
                survivors.add(mutant.name());
            }
        }
        System.out.println(report.size() + " mutants of the code, and the claim that each breaks first");
        report.forEach(System.out::println);

        assertEquals(List.of(), survivors);
    }

    private static String more(List<String> broken) {
        return broken.size() == 1 ? "" : " (and " + (broken.size() - 1) + " more)";
    }

    private static List<String> broken(JavaMutant mutant) throws Exception {
        var claims = new MutantLoader(mutant)
                .loadClass(ApiClaims.class.getName())
                .getMethod("check", String.class)
                .invoke(null, mutant.file());
        return ((Map<?, ?>) claims)
                .entrySet().stream()
                        .filter(claim -> Boolean.FALSE.equals(claim.getValue()))
                        .map(claim -> String.valueOf(claim.getKey()))
                        .toList();
    }
}
