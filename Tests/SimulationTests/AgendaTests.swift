import AttuneModel
import Reach
import Testing

@testable import Simulation

@Suite struct AgendaTests {
  private func input(_ name: String) -> Input { .erase(user: name) }

  @Test func handsOverInTheOrderOfArrival() {
    let settings = TownSettings(users: 1, days: 1, tick: .hours(1))
    var agenda = Agenda(settings)
    #expect(agenda.ticks == 24)
    #expect(agenda.instant(of: 0) == settings.start + .hours(1))
    agenda.add(input("c"), at: settings.start + .minutes(70))
    agenda.add(input("b"), at: settings.start + .minutes(20))
    agenda.add(input("a"), at: settings.start + .minutes(10))
    agenda.add(input("b2"), at: settings.start + .minutes(20))
    agenda.add(input("never"), at: settings.start + .days(1))
    let first = agenda.take()
    #expect(first == [input("a"), input("b"), input("b2")])
    agenda.add(input("late"), at: settings.start)
    let second = agenda.take()
    #expect(second == [input("late"), input("c")])
    let rest = (2..<24).flatMap { _ in agenda.take() }
    #expect(rest.isEmpty)
  }

  @Test func theNetworkDelaysAndRepeats() {
    var generator = SeededGenerator(seed: 3)
    let sent = TownSettings.monday
    let arrivals = (0..<20_000).map { _ in Network.arrivals(of: sent, &generator) }
    #expect(arrivals.allSatisfy { (1...2).contains($0.count) && $0[0] > sent && $0.last ?? sent >= $0[0] })
    #expect((100...300).contains(arrivals.count { $0.count == 2 }))
    #expect((50...150).contains(arrivals.count { $0[0] - sent > .minutes(2) }))
  }
}
