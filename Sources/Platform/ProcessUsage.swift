import Foundation

/// What the system says that a process takes; nil where it has no `/proc`.
public enum ProcessUsage {
  /// Bytes of memory that are really there.
  public static func residentBytes(of pid: Int32? = nil) -> Int? {
    guard let pages = fields(of: pid, "statm")?.dropFirst().first.flatMap({ Int($0) }) else { return nil }
    return pages * sysconf(Int32(_SC_PAGESIZE))
  }

  /// Seconds on a processor, of all threads, in the program and in the system for it.
  public static func processorSeconds(of pid: Int32? = nil) -> Double? {
    // The second field is the name in brackets, which may hold blanks: user and system time are the 14th and 15th.
    guard let fields = fields(of: pid, "stat"), let name = fields.lastIndex(where: { $0.hasSuffix(")") }),
      fields.count > name + 13, let user = Double(fields[name + 12]), let system = Double(fields[name + 13])
    else { return nil }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  private static func fields(of pid: Int32?, _ file: String) -> [Substring]? {
    let process = pid.map { String($0) } ?? "self"
    return (try? String(contentsOfFile: "/proc/\(process)/\(file)", encoding: .utf8))?
      .split { $0 == " " || $0 == "\n" }
  }
}
