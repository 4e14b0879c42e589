import Learning
import Simulation

/// A line of `bench allocate`.
struct AllocationTrial {
  var name: String
  var environment: ClickEnvironment.Kind
  var experiment: AllocationExperiment
  /// At least, by SMART-PUSH.md.
  var target: Double?
  /// The name of the trial it may not fall below: a forecast that is wrong costs nothing.
  var floor: String?

  private init(
    _ name: String, _ environment: ClickEnvironment.Kind, _ course: QuotaAudience.Course,
    _ policy: AllocationExperiment.Policy, rounds: Int, target: Double? = nil, floor: String? = nil
  ) {
    self.name = name
    self.environment = environment
    experiment = AllocationExperiment(environment, course, policy, rounds: rounds)
    self.target = target
    self.floor = floor
  }

  static func known(_ environment: ClickEnvironment.Kind, rounds: Int) -> [AllocationTrial] {
    let even = rounds < 100_000 ? 0.995 : 0.998
    var trials = [
      AllocationTrial("even", environment, .even, .known, rounds: rounds, target: even),
      AllocationTrial("even, 64 partitions", environment, .even, .leased(parts: 64), rounds: rounds),
    ]
    for course in [QuotaAudience.Course.day, .rise] {
      let wrong: QuotaAudience.Course = course == .day ? .night : .day
      trials += [
        AllocationTrial(
          "\(course), forecast", environment, course, .forecast(of: course), rounds: rounds, target: 0.998),
        AllocationTrial("\(course), cold", environment, course, .known, rounds: rounds),
        AllocationTrial(
          "\(course), forecast of \(wrong)", environment, course, .forecast(of: wrong), rounds: rounds,
          floor: "\(course), cold"),
        AllocationTrial(
          "even, forecast of \(course)", environment, .even, .forecast(of: course), rounds: rounds, floor: "even"),
      ]
    }
    return trials
  }

  /// - Parameter delay: of the rounds.
  static func learned(_ environment: ClickEnvironment.Kind, rounds: Int, delay: Double) -> [AllocationTrial] {
    let late = Int(delay * Double(rounds))
    let targets = environment == .push ? (0.93, 0.91) : (0.97, 0.955)
    // As campaigns have it; without a floor, as a unit sent at random is one that somebody else would have clicked.
    let configuration = LearnerConfiguration(floor: 0).steady
    return [
      AllocationTrial(
        "learned", environment, .even, .learned(configuration, delay: 0), rounds: rounds, target: targets.0),
      AllocationTrial(
        "learned, \(late) rounds late", environment, .even, .learned(configuration, delay: late), rounds: rounds,
        target: targets.1),
      AllocationTrial(
        "learned, with a floor of 3%", environment, .even, .learned(LearnerConfiguration().steady, delay: 0),
        rounds: rounds),
    ]
  }
}
