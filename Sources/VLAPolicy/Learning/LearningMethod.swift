/// How a policy is trained, by the names of recipes.
package enum LearningMethod: String, CaseIterable, Codable, Sendable {
  case dense
  case mole
  case earlyExit = "early-exit"
  case truncate
  case mod
  case random
  case `static`
}
