public import AttuneModel
import Foundation
import Synchronization

/// Time zones as tables, from the time zone data that Foundation carries.
///
/// On Linux that is the data of the ICU library inside Foundation: the machine needs no tzdata, and the answers change
/// with the build, not with the machine. Tables cover 1970 up to 2100; after that the last offset stays.
public enum ZoneTables {
  private static let cache = Mutex<[String: Zone]>([:])
  /// Asked for often, and not in every list of names.
  private static let universal = ["UTC", "GMT"]

  /// Every name in common use, in order; older names for the same places are understood too.
  public static var names: [String] { universal + TimeZone.knownTimeZoneIdentifiers.filter { $0 != "GMT" }.sorted() }

  /// The table of an IANA name such as `Asia/Shanghai`; nil for an unknown one. Abbreviations (`PST`) are unknown:
  /// they mean different zones to different people.
  public static func zone(named name: String) -> Zone? {
    if let zone = cache.withLock({ $0[name] }) { return zone }
    guard name.contains("/") || universal.contains(name), name.utf8.allSatisfy(isNamed),
      let source = TimeZone(identifier: name)
    else { return nil }
    let zone = table(of: source, named: name)
    cache.withLock { $0[name] = zone }
    return zone
  }

  /// What to write instead of an unknown name.
  public static func hint(for name: String) -> String {
    let city = name.split(separator: "/").last.map { $0.lowercased().filter(\.isLetter) } ?? ""
    return (cities[city] ?? nearest(to: name, among: names)).map { "did you mean '\($0)'?" }
      ?? "write an IANA name: Asia/Shanghai"
  }

  /// Places that people write, and whose zone is called after another city.
  private static let cities: [String: String] = [
    "beijing": "Asia/Shanghai", "peking": "Asia/Shanghai", "shenzhen": "Asia/Shanghai", "guangzhou": "Asia/Shanghai",
    "hangzhou": "Asia/Shanghai", "chengdu": "Asia/Shanghai", "wuhan": "Asia/Shanghai", "nanjing": "Asia/Shanghai",
    "tianjin": "Asia/Shanghai", "xian": "Asia/Shanghai", "china": "Asia/Shanghai", "cst": "Asia/Shanghai",
    "shanghai": "Asia/Shanghai", "delhi": "Asia/Kolkata", "newdelhi": "Asia/Kolkata", "mumbai": "Asia/Kolkata",
    "bangalore": "Asia/Kolkata", "ist": "Asia/Kolkata", "osaka": "Asia/Tokyo", "jst": "Asia/Tokyo",
    "hanoi": "Asia/Ho_Chi_Minh", "sanfrancisco": "America/Los_Angeles", "seattle": "America/Los_Angeles",
    "pst": "America/Los_Angeles", "boston": "America/New_York", "washington": "America/New_York",
    "est": "America/New_York", "munich": "Europe/Berlin", "frankfurt": "Europe/Berlin", "barcelona": "Europe/Madrid",
    "milan": "Europe/Rome", "geneva": "Europe/Zurich", "canberra": "Australia/Sydney",
  ]

  private static func isNamed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "-")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func table(of source: TimeZone, named name: String) -> Zone {
    var instant = Date(timeIntervalSince1970: 0)
    let end = Date(timeIntervalSince1970: 4_102_444_800)
    let initial = Int32(source.secondsFromGMT(for: instant))
    var offset = initial
    var transitions: [Zone.Transition] = []
    while let next = source.nextDaylightSavingTimeTransition(after: instant), next > instant, next < end {
      let following = Int32(source.secondsFromGMT(for: next))
      // Some change only what the time is called.
      if following != offset {
        let at = Instant(milliseconds: Int64(next.timeIntervalSince1970.rounded()) * 1000)
        transitions.append(Zone.Transition(at: at, offset: following))
      }
      offset = following
      instant = next
    }
    return Zone(name: name, initialOffset: initial, transitions: transitions)
  }
}
