package history.isolation;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A call of every function of schema {@code history}, whichever there are, with what is Bob's where it takes an id. */
final class FunctionProbes {
    private static final String FUNCTIONS = """
            select p.proname, p.prorettype = 'trigger'::regtype as is_trigger,
                   coalesce(array_to_string(array(
                     select format_type(t.type, null) || ' ' || coalesce(p.proargnames[t.place], '')
                     from unnest(p.proargtypes::oid[]) with ordinality t(type, place) order by t.place), ';'), '') as inputs
            from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname = 'history' and p.prokind = 'f'
            order by p.proname, inputs
            """;

    private FunctionProbes() {}

    private record Function(String name, boolean isTrigger, List<String> inputs) {
        Probe called(String title, UnaryOperator<String> argument) {
            var call = "history.%s(%s)"
                    .formatted(name, inputs.stream().map(argument).collect(Collectors.joining(", ")));
            return new Probe("functions", title, isTrigger ? "select " + call : "select r.* from " + call + " r");
        }
    }

    private static List<Function> functions(Connection superuser) throws SQLException {
        List<Function> functions = new ArrayList<>();
        try (var statement = superuser.createStatement();
                var rows = statement.executeQuery(FUNCTIONS)) {
            while (rows.next()) {
                var inputs = rows.getString("inputs");
                functions.add(new Function(
                        rows.getString("proname"),
                        rows.getBoolean("is_trigger"),
                        inputs.isEmpty() ? List.of() : List.of(inputs.split(";", -1))));
            }
        }
        return functions;
    }

    /** A call of every function with nulls only, and with each of its arguments null. */
    static List<Probe> withNulls(Connection superuser) throws SQLException {
        List<Probe> probes = new ArrayList<>();
        for (var function : functions(superuser)) {
            probes.add(function.called(function.name + "(nulls)", FunctionProbes::nothing));
            for (var input : function.inputs) {
                probes.add(function.called(
                        "%s(%s null)".formatted(function.name, name(input)),
                        other -> other.equals(input) ? nothing(other) : argument(other)));
            }
        }
        return probes;
    }

    private static String nothing(String input) {
        return "null::" + input.substring(0, input.lastIndexOf(' '));
    }

    static List<Probe> of(Connection superuser) throws SQLException {
        List<Probe> probes = new ArrayList<>();
        for (var function : functions(superuser)) {
            var names = function.inputs.stream().map(FunctionProbes::name).collect(Collectors.joining(", "));
            probes.add(function.called("%s(%s)".formatted(function.name, names), FunctionProbes::argument));
        }
        probes.add(new Probe(
                "functions",
                "owns_conversation(A, Bob's)",
                "select r.* from history.owns_conversation(:{A}, :{Bob's}) r"));
        probes.add(new Probe(
                "functions",
                "labelled_ids(own)",
                "select r.* from history.labelled_ids(false, 'x', array[false], 'infinity', :{Bob's}, 9) r"));
        for (var owner : List.of("Ada's", "Bob's")) {
            var message = ":{%s message}".formatted(owner);
            var said = "null, :{Dan}, 'x', null, false, :{Eve}, '1 minute', null, null, 10, 1000";
            probes.add(turn("claim_turn", owner, "null, :{Cleo}, " + said));
            probes.add(
                    turn(
                            "take_turn",
                            owner,
                            "'{\"content\": \"x\"}', :{Dan}, null, '[]', false, :{Eve}, '1 minute', null, null, 10, 1000, null"));
            probes.add(turn("flush_turn", owner, message + ", 'x'"));
            probes.add(turn("store_piece", owner, message + ", 'x'"));
            probes.add(turn("finish_turn", owner, "null, " + message + ", 'failed', 'x', '{}'"));
            probes.add(turn("store_end", owner, "null, " + message + ", 'failed', 'x', '{}'"));
            probes.add(turn("stop_turn", owner, "null"));
            probes.add(turn("abandon_turn", owner, message));
            probes.add(turn("continue_turn", owner, "'x', '[]', :{Eve}, '1 minute', null, null, 10, 1000, null"));
            probes.add(new Probe(
                    "functions",
                    "store_stop(" + owner + ")",
                    "select r.* from history.store_stop(:{" + owner + "}) r"));
            probes.add(turn("running_turn", owner, "null, " + message));
            probes.add(new Probe(
                    "functions",
                    "any_message(" + owner + ")",
                    "select m.content from history.any_message(:{" + owner + "}, " + message + "::text) m"));
            probes.add(turn("get_message", owner, "null, " + message + "::text, 0, 9"));
            probes.add(new Probe(
                    "functions",
                    "all_messages(" + owner + ")",
                    "select m.* from history.all_messages(:{" + owner + "}, null, 99, 9, true) m"));
            probes.add(turn("delete_message", owner, "null, " + message + "::text, null"));
            probes.add(turn("remove_message", owner, message + "::text"));
            probes.add(turn("read_turn", owner, message));
        }
        return probes;
    }

    private static Probe turn(String function, String owner, String others) {
        return new Probe(
                "functions",
                "%s(%s)".formatted(function, owner),
                "select r.* from history.%s(:{%s}, %s) r".formatted(function, owner, others));
    }

    private static String name(String input) {
        return input.substring(input.lastIndexOf(' ') + 1);
    }

    private static String argument(String input) {
        var type = input.substring(0, input.lastIndexOf(' '));
        var name = name(input);
        return switch (type) {
            case "uuid" -> name.contains("tenant") ? ":{B}" : name.contains("owner") ? ":{Bob}" : ":{Bob's}";
            case "uuid[]" -> "array[:{Bob's}]";
            case "regclass" -> "'public.conversations'::regclass";
            case "text" -> name.equals("value") ? ":{Bob}::text" : name.equals("ui_parts") ? "'[]'" : "'x'";
            case "jsonb" -> "'[{\"role\": \"user\", \"content\": \"x\"}]'";
            case "bigint[]" -> "array[1]::bigint[]";
            case "bytea" -> "'\\x000102030405060708090a0b0c0d0e0f'::bytea";
            case "timestamp with time zone" -> "now()";
            case "boolean" -> name.equals("archived") ? "false" : "true";
            case "boolean[]" -> "array[false]";
            case "bigint", "integer" -> "1";
            case "character varying" -> "'x'::varchar";
            default -> "null::" + type;
        };
    }
}
