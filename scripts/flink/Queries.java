import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** Runs every NAME.sql of a folder over the events of NAME.ndjson there; what it finds goes into NAME.flink. */
public class Queries {
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]).toAbsolutePath();
    String columns = Files.readString(folder.resolve("columns"));
    List<Path> files = new ArrayList<>();
    try (var found = Files.list(folder)) {
      found.filter(file -> file.toString().endsWith(".sql")).sorted().forEach(files::add);
    }
    for (Path file : files) {
      String name = file.getFileName().toString().replaceFirst("\\.sql$", "");
      Files.writeString(folder.resolve(name + ".flink"), answer(folder, file, name, columns));
    }
  }

  /** A row a line, its columns as name=value with tabs between; or a line with the error. */
  private static String answer(Path folder, Path file, String name, String columns) {
    StringBuilder told = new StringBuilder();
    try {
      Configuration settings = new Configuration();
      settings.setString("parallelism.default", "1");
      TableEnvironment tables = TableEnvironment.create(
          EnvironmentSettings.newInstance().inStreamingMode().withConfiguration(settings).build());
      tables.executeSql("CREATE TABLE `events` (" + columns + ", `rowtime` AS TO_TIMESTAMP_LTZ(`ts`, 3), "
          + "WATERMARK FOR `rowtime` AS `rowtime` - INTERVAL '1' SECOND) WITH ('connector' = 'filesystem', 'path' = '"
          + folder.resolve(name + ".ndjson").toRealPath() + "', 'format' = 'json')");
      TableResult result = tables.executeSql(Files.readString(file).strip().replaceFirst(";$", ""));
      List<String> names = result.getResolvedSchema().getColumnNames();
      try (CloseableIterator<Row> rows = result.collect()) {
        while (rows.hasNext()) {
          Row row = rows.next();
          List<String> fields = new ArrayList<>();
          for (int i = 0; i < names.size(); i++) {
            fields.add(names.get(i) + "=" + row.getField(i));
          }
          told.append(String.join("\t", fields)).append("\n");
        }
      }
    } catch (Throwable error) {
      Throwable cause = error;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      return "error " + cause.toString().replace('\n', ' ') + "\n";
    }
    return told.toString();
  }
}
