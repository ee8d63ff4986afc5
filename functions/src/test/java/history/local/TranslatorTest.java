package history.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SAM's own translator and cfn-lint make of the template, where they are installed, and what .ci/deploy hands to SAM. */
@Tag("installed")
final class TranslatorTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String TRANSLATED = """
            import json, os, sys
            os.environ['AWS_DEFAULT_REGION'] = 'eu-central-1'
            from samtranslator.translator.transform import transform
            from samtranslator.yaml_helper import yaml_parse
            class Policies:
                def load(self): return {}
            template = yaml_parse(open(sys.argv[1]).read())
            template['Globals']['Function']['CodeUri'] = 's3://bucket/key'
            for name, resource in transform(template, {'Release': sys.argv[2]}, Policies())['Resources'].items():
                properties = resource.get('Properties', {})
                if resource['Type'] == 'AWS::Lambda::Version':
                    print('Version', name, resource['DeletionPolicy'])
                if 'PolicyDocument' in properties or 'Policies' in properties:
                    print('Policy', name, json.dumps(properties))
                if resource['Type'] == 'AWS::ApiGatewayV2::Stage':
                    print('Stage', name, json.dumps(properties))
                if resource['Type'] == 'AWS::Lambda::Function':
                    print('Function', name, 'ReservedConcurrentExecutions' in properties)
            """;

    @Test
    void everyReleaseIsANewVersionOfEveryFunction() throws Exception {
        assumeInstalled("import samtranslator");
        var one = new TreeSet<>(translated("Version", "1764391078"));
        var other = new TreeSet<>(translated("Version", "1764391079"));
        var functions = Template.read(ROOT.resolve("template.yaml")).functions().stream()
                .filter(function -> function.type().equals("AWS::Serverless::Function"));
        assertEquals(functions.count(), one.size());
        assertTrue(one.stream().allMatch(version -> version.endsWith("1764391078 Delete")), one::toString);
        one.retainAll(other);
        assertEquals(new TreeSet<String>(), one);
    }

    @Test
    void noPolicyHasAStarAndRoutesAreThrottled() throws Exception {
        assumeInstalled("import samtranslator");
        var policies = translated("Policy", "1764391078");
        assertTrue(policies.size() >= 4, policies::toString);
        assertTrue(policies.stream().noneMatch(policy -> policy.contains("*")), policies::toString);
        var stage = String.join("", translated("Stage", "1764391078"));
        assertTrue(stage.contains("\"POST /api/chat\": {\"ThrottlingBurstLimit\": 20, "), stage);
        assertTrue(stage.contains("\"DefaultRouteSettings\": {\"ThrottlingBurstLimit\": 200, "), stage);
        var unbounded = translated("Function", "1764391078").stream().filter(function -> function.endsWith(" False"));
        assertEquals(List.of("Function Migration False"), unbounded.toList());
    }

    @Test
    void cfnLintFindsNothing() throws Exception {
        assumeInstalled("import cfnlint");
        assertEquals("", run(ROOT, "cfn-lint", "-r", "eu-central-1", "us-east-1", "--", "template.yaml"));
    }

    @Test
    void theDeployCommandAlwaysGivesAnotherRelease(@TempDir Path folder) throws Exception {
        var deploy = Files.createDirectory(folder.resolve(".ci")).resolve("deploy");
        Files.copy(ROOT.resolve(".ci/deploy"), deploy);
        for (var tool : List.of("mvnw", "sam")) {
            Files.writeString(folder.resolve(tool), "#!/bin/sh\necho " + tool + " \"$@\"\n");
            Files.setPosixFilePermissions(folder.resolve(tool), PosixFilePermissions.fromString("rwx------"));
        }
        var bash = "PATH=.:$PATH bash .ci/deploy history --no-execute-changeset";
        assertTrue(run(folder, "bash", "-c", bash)
                .contains("Copy docs/parameters.example.yaml to parameters-history.yaml"));
        Files.createFile(folder.resolve("parameters-history.yaml"));
        var first = run(folder, "bash", "-c", bash);
        assertTrue(first.contains("mvnw -q package"), first);
        assertTrue(
                first.matches(
                        "(?s).*sam deploy .*--stack-name history .*"
                                + "--parameter-overrides file://parameters-history.yaml Release=\\d{10} --no-execute-changeset\\s*"),
                first);
        Thread.sleep(1000);
        assertFalse(first.equals(run(folder, "bash", "-c", bash)));
    }

    private static void assumeInstalled(String statement) throws Exception {
        var isThere = run(ROOT, "python3", "-c", statement).isEmpty();
        if (!isThere) {
            System.err.println("SKIPPED, LOUDLY: no Python with \"" + statement + "\" on this machine");
        }
        assumeTrue(isThere);
    }

    private static List<String> translated(String kind, String release) throws Exception {
        return run(ROOT, "python3", "-W", "ignore", "-c", TRANSLATED, "template.yaml", release)
                .lines()
                .filter(line -> line.startsWith(kind + " "))
                .toList();
    }

    /** What it prints. */
    private static String run(Path folder, String... command) throws IOException, InterruptedException {
        try {
            var process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return said;
        } catch (IOException missing) {
            return missing.toString();
        }
    }
}
