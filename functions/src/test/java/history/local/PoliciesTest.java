package history.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the roles of {@code template.yaml} may do. */
final class PoliciesTest {
    private JsonNode resources;

    @BeforeEach
    void read() throws IOException {
        resources = Template.read(Path.of("../template.yaml")).root().path("Resources");
    }

    @Test
    void noStatementHasAStar() {
        var statements = new ArrayList<JsonNode>();
        for (var resource : resources) {
            var type = resource.path("Type").asText();
            if (type.equals("AWS::IAM::ManagedPolicy")) {
                resource.at("/Properties/PolicyDocument/Statement").forEach(statements::add);
            }
            assertFalse(
                    type.equals("AWS::IAM::Policy")
                            || resource.path("Properties").has("Policies"),
                    "only managed ones");
        }
        assertTrue(statements.size() > 10, statements::toString);
        for (var statement : statements) {
            assertFalse(statement.toString().contains("*"), statement::toString);
        }
    }

    /** AWS's own has stars: nothing narrower lets a function into a network. */
    @Test
    void theOnlyPolicyOfAnothersIsForAFunctionInANetwork() {
        for (var resource : resources) {
            for (var policy : resource.at("/Properties/ManagedPolicyArns")) {
                var isOurs = resources.has(policy.path("Ref").asText())
                        || resources.has(policy.at("/Fn::If/1/Ref").asText());
                assertTrue(
                        isOurs
                                || (policy.at("/Fn::If/0").asText().equals("InVpc")
                                        && policy.at("/Fn::If/1/Fn::Sub")
                                                .asText()
                                                .endsWith(
                                                        ":iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole")),
                        policy::toString);
            }
        }
    }

    /** Each right by what it is on; whoever adds one says so here. */
    @Test
    void whoMayWhat() {
        var functions = List.of(
                "kms:Decrypt SecretsKeys",
                "logs:CreateLogStream FunctionsLog.Arn",
                "logs:PutLogEvents FunctionsLog.Arn",
                "rds-db:connect rds-db:dbuser/DatabaseSecret/history_functions",
                "secretsmanager:GetSecretValue DatabaseSecret",
                "secretsmanager:GetSecretValue JwtSecret");
        var chat = new TreeSet<>(functions);
        for (var action : List.of("bedrock:InvokeModel ", "bedrock:InvokeModelWithResponseStream ")) {
            for (var on : List.of(
                    "BedrockArns", "bedrock:foundation-model/ChatModels", "bedrock:inference-profile/ChatModels")) {
                chat.add(action + on);
            }
        }
        chat.add("secretsmanager:GetSecretValue ChatApiKey");
        var migration = List.of(
                "kms:Decrypt SecretsKeys",
                "logs:CreateLogStream MigrationLog.Arn",
                "logs:PutLogEvents MigrationLog.Arn",
                "secretsmanager:GetSecretValue DatabaseSecret",
                "secretsmanager:GetSecretValue MigrationDatabaseSecret",
                "sns:Publish AlarmTopic");
        var expected = new TreeMap<>(Map.of(
                "FunctionsRole",
                new TreeSet<>(functions),
                "ChatRole",
                chat,
                "MigrationRole",
                new TreeSet<>(migration)));
        var found = new TreeMap<String, Set<String>>();
        resources.properties().forEach(resource -> {
            if (resource.getValue().path("Type").asText().equals("AWS::IAM::Role")) {
                found.put(resource.getKey(), rights(resource.getValue()));
            }
        });
        assertEquals(expected, found);
    }

    @Test
    void onlyChatHasTheRoleOfChat() {
        var roles = new TreeMap<String, TreeSet<String>>();
        resources.properties().forEach(resource -> {
            var role = resource.getValue().at("/Properties/Role/Fn::GetAtt").asText();
            if (!role.isEmpty()) {
                roles.computeIfAbsent(role, _ -> new TreeSet<>()).add(resource.getKey());
            }
        });
        assertEquals(List.of("Chat", "StreamChat"), List.copyOf(roles.getOrDefault("ChatRole.Arn", new TreeSet<>())));
        assertEquals(List.of("Migration"), List.copyOf(roles.getOrDefault("MigrationRole.Arn", new TreeSet<>())));
        assertEquals(3, roles.size());
    }

    private Set<String> rights(JsonNode role) {
        var rights = new TreeSet<String>();
        for (var policy : role.at("/Properties/ManagedPolicyArns")) {
            var name = policy.has("Ref") ? policy.path("Ref") : policy.at("/Fn::If/1/Ref");
            for (var entry : resources.path(name.asText()).at("/Properties/PolicyDocument/Statement")) {
                var statement = entry.has("Fn::If") ? entry.at("/Fn::If/1") : entry;
                assertEquals("Allow", statement.path("Effect").asText());
                for (var action : listed(statement.path("Action"))) {
                    for (var on : listed(statement.path("Resource"))) {
                        rights.add(action.asText() + " " + named(on));
                    }
                }
            }
        }
        return rights;
    }

    private static List<JsonNode> listed(JsonNode node) {
        return node.isArray() ? node.valueStream().toList() : List.of(node);
    }

    /** Of an ARN the service, what it is on, and the parameter that names it. */
    private static String named(JsonNode on) {
        if (on.has("Fn::Sub")) {
            var parameter = on.at("/Fn::Sub/1").toString().replaceAll(".*(ChatModels|DatabaseSecret).*", "$1");
            return on.at("/Fn::Sub/0")
                    .asText()
                    .replaceAll("^arn:\\$\\{AWS::Partition}:([a-z-]+):.*?:([a-z-]+)[:/]", "$1:$2/")
                    .replaceAll("\\$\\{(Model|Id)}", parameter);
        }
        return on.has("Ref") ? on.path("Ref").asText() : on.path("Fn::GetAtt").asText();
    }
}
