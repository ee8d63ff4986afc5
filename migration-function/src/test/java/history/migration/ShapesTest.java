package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an element of an array is read as: the list in {@code docs/message-shapes.md}, and what nobody has listed. */
final class ShapesTest {
    /** On each server, and others in every run. */
    private static final int ARRAYS = Boolean.getBoolean("hunt") ? 30_000 : 3_000;

    /** Rows of the list that are read otherwise. */
    private static final String MISREAD = """
            select format('%s: %s is read as %s, %s, %s at %s', wanted.shape, wanted.element, e.role, e.content, e.reason, e.created_at)
            from jsonb_to_recordset($list$:list$list$)
                wanted(shape text, element jsonb, role text, content text, reason text, time timestamptz)
            cross join lateral (select coalesce(wanted.element, 'null')) given(element)
            cross join lateral history.elements(
                jsonb_build_array(given.element), '00000000-0000-4000-8000-000000000001', '1999-01-01Z') e
            where (e.role, e.content, e.reason) is distinct from (wanted.role, wanted.content, wanted.reason)
                or e.reason is null and e.created_at <> coalesce(wanted.time, '1999-01-01Z')
                or given.element <> case when e.reason is null
                    then history.element_of(e.id, e.id, e.id, e.role, e.content, e.metadata, e.created_at) else e.element end""";

    private static final String REBUILT = """
            select case when list <> rebuilt or stored <> history.wrapped(stored, rebuilt) then stored::text end
            from (
                select a.stored, a.list, (
                    select coalesce(jsonb_agg(case when e.reason is null
                        then history.element_of(e.id, a.id, a.id, e.role, e.content, e.metadata, e.created_at)
                        else e.element end order by e.seq), '[]')
                    from history.elements(a.stored, a.id, now()) e) as rebuilt
                from pg_temp.arrays(:arrays) a
            ) read""";

    /** Messages whose element, once the message is changed, is no longer read as that message. */
    private static final String EDITED = """
            select case when read <> array[role, content, null] or edited <> history.element_of(
                a_id, a_id, a_id, role, content, history.kept(edited, role, content), now()) then edited::text end
            from (
                select a.id as a_id, w.role, w.content, x.edited, history.message_of(x.edited) as read
                from pg_temp.arrays(:arrays / 3) a
                cross join lateral history.elements(a.list, a.id, now()) e
                cross join lateral (values (e.role, 'Another text.'), ('assistant', e.content), ('system', 'Both.')) w(role, content)
                cross join lateral (select history.edited(a.list -> (e.seq - 1)::integer, w.role, w.content, null) as edited) x
                where e.reason is null
            ) changed""";

    @ParameterizedTest
    @EnumSource
    void readsEveryShapeAsListed(PostgresVersion version) throws Exception {
        try (var old = prepared(version);
                var connection = old.database().connect(PostgresServer.SUPERUSER);
                var statement = connection.createStatement()) {
            // What would make a difference to a cast.
            statement.execute("set timezone = 'Asia/Kolkata'; set datestyle = 'ISO, DMY'");

            assertEquals(
                    List.of(),
                    OldDatabase.query(connection, MISREAD.replace(":list", OldDatabase.resource("shapes.json"))));
        }
    }

    @Some("V18")
    @Tag("hunt")
    void rebuildsEveryArrayToTheLetter(PostgresVersion version) throws Exception {
        try (var old = prepared(version);
                var connection = old.database().connect(PostgresServer.SUPERUSER);
                var statement = connection.createStatement()) {
            statement.execute(OldDatabase.resource("random_arrays.sql"));

            var different = OldDatabase.query(connection, REBUILT.replace(":arrays", "" + ARRAYS));
            var misread = OldDatabase.query(connection, EDITED.replace(":arrays", "" + ARRAYS));

            assertEquals(ARRAYS, different.size());
            assertEquals(List.of("null"), different.stream().distinct().toList());
            assertEquals(List.of("null"), misread.stream().distinct().toList());
        }
    }

    private static OldDatabase prepared(PostgresVersion version) throws Exception {
        var old = OldDatabase.empty(version, Owner.PLAIN, Action.PREPARE);
        return old;
    }
}
