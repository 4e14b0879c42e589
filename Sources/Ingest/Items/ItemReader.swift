public import Codec

/// How the items of a body are laid out.
public enum Format: Hashable, Sendable {
  /// One object, or an array of objects.
  case json
  /// One object a line (`application/x-ndjson`); blank lines do not count.
  case ndjson
}

/// The items of a body, in order, and how they came.
public struct Body<Item: Sendable>: Sendable {
  public var items: [Result<Item, Refusal>]
  /// One JSON object that stands by itself; false for an array or NDJSON, even of one item.
  public var isSingle: Bool
}

/// Takes a body apart into items, so that one bad item harms no other.
struct ItemReader<Item: Sendable> {
  let limits: Limits
  /// An item, for whoever sends something else.
  var sample: String?
  /// Reads the id of an item that was refused; it may stop anywhere, too.
  var id: ((inout JSONScanner) throws(Refusal) -> String?)?
  /// Reads one item. It may stop anywhere inside a value when it throws.
  let item: (inout JSONScanner) throws(Refusal) -> Item

  private typealias Results = [Result<Item, Refusal>]

  /// A result for each item, in order; one refusal of the whole when nothing could be told apart.
  func decode(_ body: some Collection<UInt8>, as format: Format) -> Body<Item> {
    withBytes(of: body) { bytes in
      let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      // Told once, not of every line.
      if isTable(bytes[start...]) { return Body(items: [.failure(.csv(sample, at: start))], isSingle: false) }
      return format == .json ? value(bytes, from: start) : Body(items: lines(bytes, from: start), isSingle: false)
    }
  }

  /// Exactly one item.
  func decode(line: some Collection<UInt8>) -> Result<Item, Refusal> {
    withBytes(of: line) { bytes in
      isTable(bytes[...]) ? .failure(.csv(sample, at: 0)) : one(bytes, 0..<bytes.count)
    }
  }

  private func value(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Body<Item> {
    var scanner = JSONScanner(bytes, in: start..<bytes.count)
    guard scanner.peek() == 0x5B else { return Body(items: [one(bytes, start..<bytes.count)], isSingle: true) }
    var results: Results = []
    do throws(Refusal) {
      try array(from: &scanner, into: &results)
      try scanner.finish()
    } catch { results.append(.failure(error)) }
    return Body(items: results, isSingle: false)
  }

  /// Throws where nothing further can be read.
  private func array(from scanner: inout JSONScanner, into results: inout Results) throws(Refusal) {
    scanner.enter()
    var isFirst = true
    while try next(&scanner, &isFirst, results.count) {
      let index = "\(results.count)"
      do throws(Refusal) {
        guard results.count < limits.items else { throw tooMany(at: scanner.position) }
        results.append(try element(from: &scanner).mapError { $0.inside(index) })
      } catch { throw error.inside(index) }
    }
  }

  /// An item that is refused is passed over, as far as it is JSON.
  private func element(from scanner: inout JSONScanner) throws(Refusal) -> Result<Item, Refusal> {
    let start = scanner.position
    do throws(Refusal) { return .success(try measured(&scanner)) } catch {
      guard error.code != .malformed else { throw error }
      scanner.position = start
      let refusal = identified(error, scanner)
      try scanner.skip()
      return .failure(refusal)
    }
  }

  /// - Parameter scanner: at the item.
  private func identified(_ refusal: Refusal, _ scanner: JSONScanner) -> Refusal {
    guard let id else { return refusal }
    var (scanner, refusal) = (scanner, refusal)
    refusal.id = try? id(&scanner)
    return refusal
  }

  private func next(_ scanner: inout JSONScanner, _ isFirst: inout Bool, _ index: Int) throws(Refusal) -> Bool {
    do throws(Refusal) { return try scanner.nextElement(&isFirst) } catch { throw error.inside("\(index)") }
  }

  private func lines(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Results {
    var results: Results = []
    var start = start
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      defer { start = end + 1 }
      var scanner = JSONScanner(bytes, in: start..<end)
      guard scanner.peek() != nil else { continue }
      guard results.count < limits.items else {
        results.append(.failure(tooMany(at: start).inside("\(results.count)")))
        return results
      }
      let index = results.count
      results.append(one(bytes, start..<end).mapError { $0.inside("\(index)") })
    }
    return results.isEmpty ? [.failure(empty)] : results
  }

  private func one(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Result<Item, Refusal> {
    var scanner = JSONScanner(bytes, in: range)
    guard scanner.peek() != nil else { return .failure(empty) }
    do throws(Refusal) {
      let item = try measured(&scanner)
      try scanner.finish()
      return .success(item)
    } catch { return .failure(identified(error, JSONScanner(bytes, in: range))) }
  }

  private func measured(_ scanner: inout JSONScanner) throws(Refusal) -> Item {
    _ = scanner.peek()
    let start = scanner.position
    let item = try item(&scanner)
    let size = scanner.position - start
    guard size <= limits.itemBytes else {
      throw Refusal(.tooLarge, "the item has \(size) bytes of at most \(limits.itemBytes)", offset: start)
    }
    return item
  }

  private var empty: Refusal { Refusal(.malformed, "there is nothing here", hint: "send a JSON object", offset: 0) }

  private func tooMany(at offset: Int) -> Refusal {
    Refusal(
      .tooMany, "more than \(limits.items) items; the rest was not read", hint: "send it in another request",
      offset: offset)
  }
}

/// Whether it begins as a table does, which JSON never does: with a name or a quoted text, and then a comma.
public func isTable(_ bytes: some Collection<UInt8>) -> Bool {
  guard let first = bytes.first, first == 0x22 || first == 0x5F || (0x61...0x7A).contains(first | 0x20) else {
    return false
  }
  var isQuoted = false
  for byte in bytes.prefix(4096) {
    switch byte {
    case 0x22: isQuoted.toggle()
    case _ where isQuoted: continue
    case 0x2C, 0x3B, 0x09: return true
    case 0x0A, 0x0D, 0x7B, 0x5B: return false
    default: continue
    }
  }
  return false
}

extension Refusal {
  static func csv(_ sample: String?, at offset: Int) -> Refusal {
    Refusal(
      .malformed, "this looks like a table (CSV); JSON is expected",
      hint: sample.map { "write a JSON object for each line: \($0)" } ?? "write a JSON object for each line",
      offset: offset)
  }
}

private func withBytes<R>(of bytes: some Collection<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
  if let result = bytes.withContiguousStorageIfAvailable(body) { return result }
  return Array(bytes).withUnsafeBufferPointer(body)
}
