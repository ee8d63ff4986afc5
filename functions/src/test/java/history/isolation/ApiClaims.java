package history.isolation;

import history.auth.Tokens;
import history.fixture.Answer;
import history.fixture.Call;
import history.fixture.Person;
import history.fixture.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What must hold at the API whoever calls: with what is Bob's, Ada is answered as with what is nobody's.
 *
 * <p>Claims are checked and counted, not asserted, so that {@link JavaMutantsTest} can ask which of them notice a guard that
 * is missing; it loads this class anew with the code it has changed.
 */
public final class ApiClaims {
    private static final Pattern VARIES = Pattern.compile(
            "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z|(?<=\")[0-9a-z]{10,12}(?=\")");

    private static final String AS_UNKNOWN = ": as with an id that does not exist";

    private final World world;
    private final Person ada;
    private final Belongings bobs;
    private final Map<String, Boolean> claims = new LinkedHashMap<>();
    private final List<Answer> toAda = new ArrayList<>();

    private ApiClaims(World world, Belongings bobs) {
        this.world = world;
        this.ada = world.ada();
        this.bobs = bobs;
    }

    /** Every claim with whether it holds. */
    public static Map<String, Boolean> check() throws Exception {
        return check("");
    }

    /** The claims that notice a change in that package, or in that class; all of them where that is less clear. */
    public static Map<String, Boolean> check(String changed) throws Exception {
        try (var world = World.create()) {
            var bobs = Belongings.of(world);
            if (bobs.isEmpty()) {
                return Map.of("Bob can work at all", false);
            }
            var claims = new ApiClaims(world, bobs.get());
            if (changed.startsWith("auth/")) {
                claims.tokensAreJudged();
            } else if (changed.endsWith("LoginRole")) {
                claims.theLoginRoleIsHarmless();
            } else {
                claims.checkAll();
            }
            return claims.claims;
        }
    }

    private void checkAll() throws Exception {
        aForeignIdIsAnsweredAsAnUnknownOne();
        aForeignKeyIsFree();
        tenantsAreChosenAmongOnesOwn();
        tokensAreJudged();
        theLoginRoleIsHarmless();
        nothingStaysOnTheConnection();
        nothingOfBobsCameOut();
    }

    /** Whether a claim is about rows, and not about who is served and how. */
    static boolean isAboutRows(String claim) {
        return claim.contains("Bob's") || claim.endsWith(AS_UNKNOWN);
    }

    private void claim(String what, boolean holds) {
        claims.merge(what, holds, Boolean::logicalAnd);
    }

    private Answer asAda(Call call) {
        var answer = world.call(call.as(ada));
        toAda.add(answer);
        return answer;
    }

    private void aForeignIdIsAnsweredAsAnUnknownOne() {
        var bob = bobs.conversation().toString();
        var nobody = UUID.randomUUID().toString();
        for (var format : List.of("", "?format=ui-messages")) {
            same("get" + format, 404, id -> Call.get("/api/conversations/" + id + format), bob, nobody);
            same(
                    "get since" + format,
                    404,
                    id -> Call.get("/api/conversations/" + id + format).header("If-None-Match", bobs.etag()),
                    bob,
                    nobody);
        }
        same(
                "get by chat id",
                404,
                id -> Call.get("/api/conversations/" + id).query("format", "ui-messages"),
                bobs.chatId(),
                "nobodysChat00001");
        for (var match : List.of("", "*", bobs.etag())) {
            same(
                    "rename " + match,
                    404,
                    id -> matching(Call.patch("/api/conversations/" + id, "{\"title\":\"taken\"}"), match),
                    bob,
                    nobody);
            same("delete " + match, 404, id -> matching(Call.delete("/api/conversations/" + id), match), bob, nobody);
        }
        same("patch nothing", 404, id -> Call.patch("/api/conversations/" + id, "{}"), bob, nobody);
        same(
                "patch metadata",
                404,
                id -> Call.patch("/api/conversations/" + id, "{\"metadata\":{\"a\":1}}"),
                bob,
                nobody);
        same("resume", 204, id -> Call.get("/api/chat/" + id + "/stream"), bob, nobody);
        same(
                "resume by chat id",
                204,
                id -> Call.get("/api/chat/" + id + "/stream"),
                bobs.chatId(),
                "nobodysChat00001");
        same(
                "chat",
                404,
                id -> Call.post("/api/chat", "{\"message\":\"hello\",\"conversation_id\":\"" + id + "\"}"),
                bob,
                nobody);
        same(
                "chat as the old front end",
                404,
                id -> Call.post(
                        "/api/chat",
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"conversationId\":\"" + id + "\"}"),
                bob,
                nobody);
        same(
                "chat in the chat of that uuid",
                200,
                id -> Call.post("/api/chat", uiMessage(id, "m-1", "submit-message")),
                bob,
                nobody);
        same(
                "chat in the chat of that id",
                200,
                id -> Call.post("/api/chat", uiMessage(id, "m-1", "submit-message")),
                bobs.chatId(),
                "nobodysChat00001");
        same(
                "a message id",
                200,
                id -> Call.post("/api/chat", uiMessage("chatOf" + id, id, "submit-message")),
                bobs.messageId(),
                "nobodysMessage01");
        same(
                "the uuid of a message",
                200,
                id -> Call.post("/api/chat", uiMessage("chatOf" + id, id, "submit-message")),
                bobs.message().toString(),
                nobody);
        same(
                "answer anew in an empty chat",
                422,
                id -> Call.post(
                        "/api/chat", "{\"id\":\"" + id + "\",\"messages\":[],\"trigger\":\"regenerate-message\"}"),
                "anotherOfBobs001",
                "nobodysChat00009");
        same(
                "a cursor",
                400,
                cursor -> Call.get("/api/conversations").query("limit", "1").query("cursor", cursor),
                bobs.cursor(),
                bobs.cursor().replaceFirst("^..", "zz"));
        claim(
                "scope=tenant is for admins",
                asAda(Call.get("/api/conversations").query("scope", "tenant")).status() == 403);
    }

    private static Call matching(Call call, String etag) {
        return etag.isEmpty() ? call : call.header("If-Match", etag);
    }

    private static String uiMessage(String chat, String message, String trigger) {
        return """
                {"id":"%s","trigger":"%s","messages":[{"id":"%s","role":"user","parts":[{"type":"text","text":"hello"}]}]}""".formatted(chat, trigger, message);
    }

    @FunctionalInterface
    private interface With {
        Call id(String id);
    }

    private void same(String what, int status, With call, String bobs, String nobodys) {
        var foreign = asAda(call.id(bobs));
        var unknown = asAda(call.id(nobodys));
        claim(what + ": " + status, foreign.status() == status);
        claim(what + AS_UNKNOWN, masked(foreign, bobs).equals(masked(unknown, nobodys)));
    }

    private static String masked(Answer answer, String id) {
        return VARIES.matcher((answer.status() + " " + answer.headers() + " " + answer.body()).replace(id, "<id>"))
                .replaceAll("<varies>");
    }

    private void aForeignKeyIsFree() {
        var own = asAda(
                Call.post("/api/conversations", "{\"title\":\"mine\"}").header("Idempotency-Key", Belongings.KEY));
        claim("a key of Bob's makes a conversation", own.status() == 201);
        claim("a key of Bob's is no replay", own.header("idempotency-replayed").isEmpty());
        claim(
                "a key of Bob's makes one of Ada's own",
                own.body().contains(ada.userId().toString()));
        var again = asAda(
                Call.post("/api/conversations", "{\"title\":\"mine\"}").header("Idempotency-Key", Belongings.KEY));
        claim("her own key is replayed", again.header("idempotency-replayed").isPresent());
        var chat = asAda(Call.post("/api/chat", "{\"message\":\"hello\"}").header("Idempotency-Key", Belongings.KEY));
        claim(
                "a key of Bob's in a chat is answered",
                chat.status() == 200 && chat.header("idempotency-replayed").isEmpty());
        var list = asAda(Call.get("/api/conversations"));
        claim("Ada lists her own", list.status() == 200 && list.body().contains("mine"));
    }

    private void tenantsAreChosenAmongOnesOwn() throws Exception {
        var both = UUID.randomUUID();
        world.execute("insert into auth.users (id) values ('%s')".formatted(both));
        world.join(both, ada.tenantId(), "user");
        world.join(both, world.bob().tenantId(), "user");
        var tokens = World.tokens();
        for (var tenant : List.of(ada.tenantId(), world.bob().tenantId())) {
            var chosen =
                    new Person(both, tenant, tokens.user(both).tenant(tenant).bearer());
            claim(
                    "a member of both writes in the tenant of the token",
                    world.call(Call.post("/api/conversations", "{\"title\":\"%s\"}".formatted(tenant))
                                    .as(chosen))
                            .body()
                            .contains("\"tenant_id\":\"" + tenant));
            var list = world.call(Call.get("/api/conversations").as(chosen));
            claim(
                    "and sees what is there",
                    list.status() == 200
                            && list.json().size() == 1
                            && list.body().contains("\"title\":\"" + tenant));
        }
        claim("several tenants and no choice: 403", status(tokens.user(both).bearer()) == 403);
        claim("no tenant: 403", status(tokens.user(UUID.randomUUID()).bearer()) == 403);
        claim(
                "a tenant without membership: 403",
                status(tokens.user(ada.userId()).tenant(world.bob().tenantId()).bearer()) == 403);
        claim(
                "a tenant that is no uuid: 403",
                status(tokens.user(ada.userId()).claim("tenant_id", "x'or'1").bearer()) == 403);
        claim(
                "user_metadata chooses nothing",
                status(tokens.user(both)
                                .claim(
                                        "user_metadata",
                                        Map.of("tenant_id", ada.tenantId().toString()))
                                .bearer())
                        == 403);
        claim(
                "app_metadata chooses",
                status(tokens.user(both)
                                .claim(
                                        "app_metadata",
                                        Map.of("tenant_id", ada.tenantId().toString()))
                                .bearer())
                        == 200);
        var eve = world.person(ada.tenantId(), "admin");
        var all = world.call(
                Call.get("/api/conversations").query("scope", "tenant").as(eve));
        toAda.add(all);
        claim(
                "an admin lists the tenant's",
                all.status() == 200 && all.body().contains(ada.userId().toString()));
    }

    private int status(String bearer) {
        var answer = world.call(Call.get("/api/conversations").header("Authorization", bearer));
        toAda.add(answer);
        return answer.status();
    }

    private void tokensAreJudged() {
        var tokens = World.tokens();
        var user = ada.userId();
        var tenant = ada.tenantId();
        claim("a good token is believed", asAda(Call.get("/api/conversations")).status() == 200);
        refused(
                "none",
                tokens.user(user).tenant(tenant).header("alg", "none").bearer().replaceFirst("\\.[^.]*$", "."));
        refused(
                "another algorithm in the header",
                tokens.user(user).tenant(tenant).header("alg", "RS256").bearer());
        refused(
                "none in the header of a signed one",
                tokens.user(user).tenant(tenant).header("alg", "none").bearer());
        refused("another key", Tokens.hs256().user(user).tenant(tenant).bearer());
        refused(
                "a public key nobody published",
                Tokens.es256().user(user).tenant(tenant).bearer());
        refused(
                "a critical extension",
                tokens.user(user)
                        .tenant(tenant)
                        .header("crit", List.of("b64"))
                        .header("b64", true)
                        .bearer());
        refused(
                "expired",
                tokens.user(user)
                        .tenant(tenant)
                        .expiresIn(Duration.ofMinutes(-5))
                        .bearer());
        refused("never expires", tokens.user(user).tenant(tenant).without("exp").bearer());
        refused(
                "not yet valid",
                tokens.user(user)
                        .tenant(tenant)
                        .claim("nbf", System.currentTimeMillis() / 1000 + 600)
                        .bearer());
        refused(
                "another issuer",
                tokens.user(user)
                        .tenant(tenant)
                        .claim("iss", "https://other.example.com")
                        .bearer());
        refused(
                "another audience",
                tokens.user(user).tenant(tenant).claim("aud", "other").bearer());
        refused("no subject", tokens.user(user).tenant(tenant).without("sub").bearer());
        refused(
                "a subject that is no uuid",
                tokens.user(user).tenant(tenant).claim("sub", "1-1-1-1-1").bearer());
        refused(
                "enormous",
                tokens.user(user)
                        .tenant(tenant)
                        .claim("more", "x".repeat(20_000))
                        .bearer());
        refused("no bearer", "Basic QWRhOnNlY3JldA==");
    }

    private void refused(String what, String authorization) {
        var answer = world.call(Call.get("/api/conversations").header("Authorization", authorization));
        toAda.add(answer);
        claim("token, " + what + ": 401", answer.status() == 401);
        claim(
                "token, " + what + ": says how to come back",
                answer.header("www-authenticate")
                        .equals(java.util.Optional.of(
                                authorization.startsWith("Bearer ") ? "Bearer error=\"invalid_token\"" : "Bearer")));
        claim(
                "token, " + what + ": nothing of it in the answer",
                !answer.body().contains(ada.userId().toString())
                        && !answer.body().contains("example.com"));
    }

    private void theLoginRoleIsHarmless() throws Exception {
        for (var role : DangerousRole.values()) {
            claim("no service with a role that " + role.danger, role.isRefused(world));
        }
    }

    private void nothingStaysOnTheConnection() throws Exception {
        claim("nothing stays on the connection", LeftOver.of(world).isEmpty());
        claim("a query cannot write", LeftOver.aReadIsReadOnly(world));
    }

    private void nothingOfBobsCameOut() throws Exception {
        for (var answer : toAda) {
            claim("no answer to Ada holds what is Bob's", bobs.areNotIn(answer));
            claim(
                    "no cache keeps an answer",
                    answer.header("cache-control").orElse("").contains("no-store"));
            claim(
                    "nobody guesses content types",
                    answer.header("x-content-type-options").equals(java.util.Optional.of("nosniff")));
        }
        claim("Bob's are as they were", bobs.equals(Belongings.again(world, bobs)));
    }
}
