package history.isolation;

import java.util.ArrayList;
import java.util.List;

/**
 * One thing to try.
 *
 * @param block the relation, or the functions
 * @param title what it is in words; names the person whose row it is
 * @param sql with {@code :{name}} for the ids of {@link Rows}
 */
record Probe(String block, String title, String sql) {

    static List<Probe> of(Stage stage) {
        List<Probe> probes = new ArrayList<>(conversations("conversations"));
        probes.addAll(messages());
        if (stage == Stage.MIGRATED) {
            probes.addAll(conversations("chat_sessions"));
        }
        probes.addAll(quarantine());
        for (var owner : List.of("Ada", "Bob")) {
            probes.add(new Probe(
                    "history.usage",
                    "select " + owner + "'s usage",
                    "select turns from history.usage where user_id = :{" + owner + "}"));
        }
        var turns = new Listing("history.granted_turns");
        var tokens = new Listing("history.spent_tokens");
        for (var owner : List.of("Ada", "Bob")) {
            var tenant = ":{" + (owner.equals("Ada") ? "A" : "B") + "}";
            turns.add("select when " + owner + " had turns", "select moments from R where user_id = :{" + owner + "}");
            turns.add("forget the turns of " + owner, "delete from R where user_id = :{" + owner + "}");
            tokens.add(
                    "select the tokens of " + owner + "'s tenant", "select tokens from R where tenant_id = " + tenant);
            tokens.add(
                    "forget the tokens of " + owner + "'s tenant",
                    "update R set tokens = 0 where tenant_id = " + tenant);
        }
        probes.addAll(turns.probes);
        probes.addAll(tokens.probes);
        probes.add(new Probe("history.secret", "select the secret of derived ids", "select value from history.secret"));
        return probes;
    }

    /** {@code conversations}, and the view that has their old name. */
    private static List<Probe> conversations(String relation) {
        var list = new Listing(relation);
        for (var owner : List.of("Ada", "Bob")) {
            var tenant = owner.equals("Ada") ? "A" : "B";
            var row = "where id = :{%s's}".formatted(owner);
            list.add("select " + owner + "'s row", "select id from R " + row);
            list.add(
                    "find " + owner + "'s row by its tenant",
                    "select id from R where tenant_id = :{" + tenant + "} and user_id = :{" + owner + "}");
            list.add("lock " + owner + "'s row", "select id from R " + row + " for update");
            list.add("update " + owner + "'s row", "update R set title = 'changed' " + row);
            list.add(
                    "update " + owner + "'s row, returning",
                    "update R set title = 'changed' " + row + " returning title");
            list.add("delete " + owner + "'s row", "delete from R " + row);
            list.add(
                    "insert in " + owner + "'s name",
                    "insert into R (tenant_id, user_id, title) values (:{" + tenant + "}, :{" + owner + "}, 'new')");
            list.add(
                    "upsert on the id of " + owner + "'s row",
                    "insert into R (id, tenant_id, user_id) values (:{" + owner
                            + "'s}, :{A}, :{self}) on conflict (id) do update set title = 'taken'");
            list.add(
                    "insert with the id of " + owner + "'s row or nothing",
                    "insert into R (id, tenant_id, user_id) values (:{" + owner
                            + "'s}, :{A}, :{self}) on conflict (id) do nothing");
            list.add(
                    "upsert on the id of " + owner + "'s row, looking at it",
                    "insert into R (id, tenant_id, user_id) values (:{" + owner
                            + "'s}, :{A}, :{self}) on conflict (id) do update set title = 'taken' where isolation.told("
                            + relation + ".title)");
        }
        list.add("insert for oneself in A", "insert into R (tenant_id, user_id) values (:{A}, :{self})");
        list.add(
                "insert for oneself in A, returning",
                "insert into R (tenant_id, user_id) values (:{A}, :{self}) returning title");
        list.add("insert for oneself in B", "insert into R (tenant_id, user_id) values (:{B}, :{self})");
        list.add(
                "insert for oneself in B, returning",
                "insert into R (tenant_id, user_id) values (:{B}, :{self}) returning title");
        list.add(
                "insert with a time that no clock shows",
                "insert into R (tenant_id, user_id, created_at) values (:{A}, :{self}, 'infinity')");
        list.add("move Ada's row to tenant B", "update R set tenant_id = :{B} where id = :{Ada's}");
        list.add("give Ada's row to user Bob", "update R set user_id = :{Bob} where id = :{Ada's}");
        list.add("give Ada's row to Bob in B", "update R set tenant_id = :{B}, user_id = :{Bob} where id = :{Ada's}");
        list.add("take Bob's row", "update R set tenant_id = :{A}, user_id = :{self} where id = :{Bob's}");
        list.add("change the id of Ada's row to that of Bob's row", "update R set id = :{Bob's} where id = :{Ada's}");
        if (relation.equals("conversations")) {
            list.add(
                    "choose the counter of Ada's row", // 22012: it is 4711
                    "update R set last_seq = 4711 where id = :{Ada's} returning 1 / (last_seq - 4711)");
        }
        list.add("update whatever there is", "update R set title = 'changed'");
        list.add("give whatever there is to Bob in B", "update R set tenant_id = :{B}, user_id = :{Bob}");
        list.add("delete whatever there is", "delete from R");
        if (relation.equals("conversations")) {
            list.add("truncate, Ada's and Bob's rows alike", "truncate R cascade");
        } else {
            list.add(
                    "insert an array of too many elements",
                    "insert into R (tenant_id, user_id, messages) values (:{A}, :{self}, to_jsonb(array_fill(1, array[20001])))");
            list.add("replace the array in Bob's row", "update R set messages = '[]' where id = :{Bob's}");
            list.add(
                    "insert an array for oneself in A",
                    "insert into R (tenant_id, user_id, messages) values (:{A}, :{self}, '[{\"role\":\"user\",\"content\":\"x\"}]')");
            list.add(
                    "insert an array for oneself in B",
                    "insert into R (tenant_id, user_id, messages) values (:{B}, :{self}, '[{\"role\":\"user\",\"content\":\"x\"}]')");
        }
        return list.probes;
    }

    private static List<Probe> messages() {
        var list = new Listing("messages");
        for (var owner : List.of("Ada", "Bob")) {
            var tenant = owner.equals("Ada") ? "A" : "B";
            var row = "where id = :{%s's message}".formatted(owner);
            list.add("select " + owner + "'s row", "select id from R " + row);
            list.add(
                    "select the rows in " + owner + "'s conversation",
                    "select id from R where conversation_id = :{" + owner + "'s}");
            list.add(
                    "select " + owner + "'s row through its conversation",
                    "select m.id from R m join public.conversations c on c.id = m.conversation_id where m.user_id = :{"
                            + owner + "}");
            list.add("lock " + owner + "'s row", "select id from R " + row + " for update");
            list.add("update " + owner + "'s row", "update R set content = 'changed' " + row);
            list.add(
                    "update " + owner + "'s row, returning",
                    "update R set content = 'changed' " + row + " returning content");
            list.add("delete " + owner + "'s row", "delete from R " + row);
            list.add(
                    "insert in " + owner + "'s name into " + owner + "'s conversation",
                    insert(tenant, owner + "'s", owner, ""));
            list.add(
                    "insert for oneself into " + owner + "'s conversation in A", insert("A", owner + "'s", "self", ""));
            list.add(
                    "insert for oneself into " + owner + "'s conversation in B", insert("B", owner + "'s", "self", ""));
            list.add(
                    "the same, returning, " + owner + "'s conversation in " + tenant,
                    insert(tenant, owner + "'s", "self", "returning seq"));
            list.add(
                    "upsert on the id of " + owner + "'s row",
                    "insert into R (id, tenant_id, conversation_id, user_id, role, content) values (:{" + owner
                            + "'s message}, :{A}, :{Ada's}, :{self}, 'user', 'x') on conflict (id) do update set content = 'taken'");
            list.add(
                    "insert with the id of " + owner + "'s row or nothing",
                    "insert into R (id, tenant_id, conversation_id, user_id, role, content) values (:{" + owner
                            + "'s message}, :{A}, :{Ada's}, :{self}, 'user', 'x') on conflict (id) do nothing");
            list.add(
                    "upsert on the id of " + owner + "'s row, looking at it",
                    "insert into R (id, tenant_id, conversation_id, user_id, role, content) values (:{" + owner
                            + "'s message}, :{A}, :{Ada's}, :{self}, 'user', 'x') on conflict (id) do update set content = 'taken'"
                            + " where isolation.told(messages.content)");
            list.add(
                    "upsert on a place in " + owner + "'s conversation, looking at it",
                    "insert into R (tenant_id, conversation_id, user_id, role, content, seq) values (:{" + tenant
                            + "}, :{"
                            + owner + "'s}, :{self}, 'user', 'x', 0) on conflict (tenant_id, conversation_id, seq)"
                            + " do update set content = 'taken' where isolation.told(messages.content)");
            list.add(
                    "insert with " + owner + "'s conversation alone",
                    "insert into R (conversation_id, role, content) values (:{" + owner + "'s}, 'user', 'x')");
        }
        list.add(
                "insert more than a megabyte",
                "insert into R (conversation_id, role, content) values (:{Ada's}, 'user', repeat('x', 1048577))");
        list.add(
                "insert into a conversation that does not exist",
                "insert into R (tenant_id, conversation_id, user_id, role, content) values (:{A}, :{A}, :{self}, 'user', 'x')");
        list.add(
                "insert into a conversation that does not exist, alone",
                "insert into R (conversation_id, role, content) values (:{A}, 'user', 'x')");
        list.add(
                "move Ada's row into Bob's conversation",
                "update R set conversation_id = :{Bob's} where id = :{Ada's message}");
        list.add(
                "move Ada's row into Bob's conversation in B",
                "update R set conversation_id = :{Bob's}, tenant_id = :{B} where id = :{Ada's message}");
        list.add("give Ada's row to user Bob", "update R set user_id = :{Bob} where id = :{Ada's message}");
        list.add("move Ada's row to tenant B", "update R set tenant_id = :{B} where id = :{Ada's message}");
        list.add(
                "take Bob's row",
                "update R set tenant_id = :{A}, user_id = :{self}, conversation_id = :{Ada's} where id = :{Bob's message}");
        list.add(
                "choose the place in Ada's conversation", // 22012: it is 4711
                "insert into R (tenant_id, conversation_id, user_id, role, content, seq)"
                        + " values (:{A}, :{Ada's}, :{self}, 'user', 'x', 4711) returning 1 / (seq - 4711)");
        list.add("insert in Bob's name into Ada's conversation", insert("A", "Ada's", "Bob", ""));
        list.add("insert in Ada's name into Bob's conversation", insert("B", "Bob's", "Ada", ""));
        list.add("update whatever there is", "update R set content = 'changed'");
        list.add("give whatever there is to Bob", "update R set user_id = :{Bob}");
        list.add("delete whatever there is", "delete from R");
        list.add("truncate, Ada's and Bob's rows alike", "truncate R");
        return list.probes;
    }

    private static String insert(String tenant, String conversation, String user, String returning) {
        return "insert into R (tenant_id, conversation_id, user_id, role, content) values (:{%s}, :{%s}, :{%s}, 'user', 'x') %s"
                .formatted(tenant, conversation, user, returning);
    }

    private static List<Probe> quarantine() {
        var list = new Listing("history.quarantine");
        for (var owner : List.of("Ada", "Bob")) {
            var tenant = owner.equals("Ada") ? "A" : "B";
            var row = "where conversation_id = :{%s's}".formatted(owner);
            list.add("select " + owner + "'s element", "select element from R " + row);
            list.add("update " + owner + "'s element", "update R set reason = 'x' " + row);
            list.add("delete " + owner + "'s element", "delete from R " + row);
            list.add(
                    "insert an element into " + owner + "'s conversation",
                    "insert into R (tenant_id, conversation_id, \"position\", reason, element) values (:{" + tenant
                            + "}, :{" + owner + "'s}, 99, 'x', '1')");
        }
        return list.probes;
    }

    private static final class Listing {
        private final String relation;
        private final List<Probe> probes = new ArrayList<>();

        private Listing(String relation) {
            this.relation = relation;
        }

        void add(String title, String sql) {
            var name = relation.contains(".") ? relation : "public." + relation;
            probes.add(new Probe(relation, title, sql.replaceFirst("\\bR\\b", name)));
        }
    }
}
