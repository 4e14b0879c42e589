import Testing

@testable import AttuneModel

@Suite struct PseudonymTests {
  /// Lengths around the ends of blocks, and the words of FIPS 180-4; the others by another implementation.
  @Test(arguments: [
    (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (3, "6ab0dba1f4f1dfbb37b4f9eeb092c09fca4900ad32bdcd147d8dde35d6c87c35"),
    (55, "81afe5b788dc2ce138ff83d9b20164db75a94d75d2b2432eea4a0ef605088c72"),
    (56, "2aba54f0ac632420a2b502431408866e40e1d5e430df4cd822642c78ab2eb9c1"),
    (63, "733d3d4ee79ee67145bf73da13588f6f235d37414fc64b14a2f00f1762792f5e"),
    (64, "79322907b3e9d013d7dc2c2f256674dbf733045cde01df3539271c6f5605feb8"),
    (65, "d85c007c6eb440f085afa2b84f6f2bce4658b240e9f62cb1364bf0485a57e720"),
    (119, "6c87eedf096b345de205b702e5223b73b447a3207791ded3ea007ba15ed6736e"),
    (120, "42500cf6a1e3936d6b9e0bcfe296d654b63255e525487d3634d0b15fde591c4d"),
    (200, "8e3f3819b4f1b1f71c011c6b854c43601f132c3c88b8982b20733d2b1695c593"),
  ])
  func theHashIsSHA256(length: Int, expected: String) {
    let message = (0..<length).map { UInt8(($0 * 7 + length) % 256) }
    let hex = OneWayHash.of(message).map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }
    #expect(hex.joined() == expected)
  }

  @Test func aPseudonymIsOfOneUserInOneStore() throws {
    let (here, there) = (Pseudonym.Salt(of: [1]), Pseudonym.Salt(of: [2]))
    let users = (0..<1000).map { "u\($0)" }
    #expect(
      Set(users.map { Pseudonym(of: $0, salt: here) } + users.map { Pseudonym(of: $0, salt: there) }).count == 2000)
    let ann = Pseudonym(of: "ann", salt: here)
    #expect(try Pseudonym(decoding: ann.encoded()) == ann && Pseudonym(of: "ann", salt: here) == ann)
    let again = try Pseudonym.Salt(decoding: here.encoded())
    #expect(again == here && Pseudonym(of: "ann", salt: again) == ann)
  }
}
