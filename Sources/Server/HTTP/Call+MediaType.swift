import API
import Foundation
import HTTPTypes
import Hummingbird

extension Call {
  /// Of the body; nil where there is none. As nearly everybody writes it, it needs no trimming: that takes longer than to
  /// read an item.
  var mediaType: String? {
    guard let text = request.headers[.contentType] else { return nil }
    if text.utf8.allSatisfy({ $0.isOfPlainMediaType }) { return text }
    return text.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
  }

  /// Pages of other sites can have a browser send text, forms and bodies without a type: none of that is taken for
  /// something else.
  func requireMediaType(of content: Route.Content) throws(Problem) {
    let found = mediaType
    if let found, content.mediaTypes.contains(found) || content.otherMediaTypes.contains(found) { return }
    let wanted = content.mediaTypes.joined(separator: " or ")
    var hint = "send Content-Type: \(wanted)"
    // What curl says of `-d` unless it is told otherwise.
    if found == "application/x-www-form-urlencoded" || found == nil, let first = content.mediaTypes.first {
      hint += "; with curl: -H 'Content-Type: \(first)'"
    }
    throw Problem(
      .unsupportedMediaType, "media-type",
      found.map { "'\($0.prefix(100))' is not understood here" } ?? "there is no Content-Type", hint: hint)
  }
}

extension UInt8 {
  fileprivate var isOfPlainMediaType: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "/"), UInt8(ascii: "-"): true
    default: false
    }
  }
}
