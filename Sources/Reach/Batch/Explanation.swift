/// What the engine says of an input beside the acknowledgement: why it was refused, or what came of it.
public enum Explanation: Hashable, Sendable {
  case publication(PublicationAnswer)
  case launch(LaunchAnswer)
  /// Of any other order to a campaign: how it stands now; nil if none of that name was launched.
  case order(CampaignState.Status?)
}
