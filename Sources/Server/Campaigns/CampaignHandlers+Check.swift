import AttuneModel
import Platform
import Reach
import Runtime

extension CampaignHandlers {
  /// What a launch would say now. The driver is held only to count users, a part of them at a time.
  func check(_ document: Node, announced: Int) async -> LaunchAnswer {
    let engine = await driver.read(\.withoutUsers)
    let plan = await work.run { engine.plan(campaign: document) }
    var users = CampaignPlan.Users()
    if plan.wantsUsers {
      for partition in 0..<Partition.count {
        let more = await driver.read { $0.users(of: plan, in: partition) }
        users = users + more
      }
    }
    return await work.run { [users] in engine.check(plan, users, announced: announced) }
  }
}
