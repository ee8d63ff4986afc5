package history.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report as one static page: a bar for each side, drawn as SVG. */
final class Plots {
    private static final int BAR = 22;
    private static final int LEFT = 210;
    private static final int WIDTH = 420;

    private Plots() {}

    static String page(String machine, List<Report.Row> rows, List<Report.Target> targets, List<String> notes) {
        var page = new StringBuilder("""
                <!doctype html><html lang="en"><meta charset="utf-8"><title>Conversation History, measured</title>
                <style>body{font:15px/1.5 system-ui,sans-serif;max-width:1100px;margin:2em auto;padding:0 1em;color:#222}
                table{border-collapse:collapse}td,th{padding:.2em .8em;text-align:left;border-bottom:1px solid #ddd}
                td.n{text-align:right;font-variant-numeric:tabular-nums}.missed{color:#a00}figure{display:inline-block;margin:0 1em 1em 0}
                figcaption{font-weight:600}svg text{font:13px system-ui,sans-serif}</style>
                <h1>Conversation History, measured</h1><p>%s</p>""".formatted(escape(machine)));
        page.append("<h2>Targets</h2><table><tr><th>what<th>target<th>measured");
        for (var target : targets) {
            page.append("<tr%s><td>%s<td>%s<td class=n>%s"
                    .formatted(
                            target.isMet() ? "" : " class=missed",
                            escape(target.what()),
                            escape(target.target()),
                            Report.text(target.measured())));
        }
        page.append("</table>");
        var parts = new LinkedHashMap<String, Map<String, List<Report.Row>>>();
        for (var row : rows) {
            parts.computeIfAbsent(row.part(), part -> new LinkedHashMap<>())
                    .computeIfAbsent(row.what(), what -> new ArrayList<>())
                    .add(row);
        }
        parts.forEach((part, groups) -> {
            page.append("<h2>").append(escape(part)).append("</h2>");
            groups.forEach((what, group) -> page.append(figure(what, group)));
            page.append(table(groups));
        });
        page.append("<h2>Notes</h2>");
        notes.forEach(note -> page.append("<p>").append(escape(note)));
        return page.toString();
    }

    /** Of the first figure that the rows have. */
    private static String figure(String what, List<Report.Row> rows) {
        var name = rows.getFirst().figures().keySet().iterator().next();
        var most = rows.stream().mapToDouble(row -> value(row, name)).max().orElse(1);
        var svg = new StringBuilder("<figure><figcaption>%s: %s</figcaption><svg width=%d height=%d role=img>"
                .formatted(escape(what), escape(name), LEFT + WIDTH + 80, BAR * rows.size() + 4));
        for (var i = 0; i < rows.size(); i++) {
            var row = rows.get(i);
            var length = most > 0 ? WIDTH * value(row, name) / most : 0;
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=%d y=%d text-anchor=end>%s</text><rect x=%d y=%d width=%.1f height=%d fill=%s /><text x=%.1f y=%d>%s</text>",
                    LEFT - 8,
                    i * BAR + 16,
                    escape(row.side()),
                    LEFT,
                    i * BAR + 3,
                    length,
                    BAR - 5,
                    row.side().startsWith("the function") ? "#2b6cb0" : "#a0aec0",
                    LEFT + length + 6,
                    i * BAR + 16,
                    Report.text(value(row, name))));
        }
        return svg.append("</svg></figure>").toString();
    }

    private static double value(Report.Row row, String name) {
        return row.figures().getOrDefault(name, 0.0);
    }

    private static String table(Map<String, List<Report.Row>> groups) {
        var table = new StringBuilder("<details><summary>All figures</summary><table>");
        groups.values().forEach(rows -> {
            table.append("<tr><th>what<th>side");
            rows.getFirst()
                    .figures()
                    .keySet()
                    .forEach(name -> table.append("<th>").append(escape(name)));
            for (var row : rows) {
                table.append("<tr><td>%s<td>%s".formatted(escape(row.what()), escape(row.side())));
                row.figures()
                        .values()
                        .forEach(value -> table.append("<td class=n>").append(Report.text(value)));
            }
        });
        return table.append("</table></details>").toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
