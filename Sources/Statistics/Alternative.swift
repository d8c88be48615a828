/// What a test holds against "both are equally high".
package enum Alternative: String, CaseIterable, Sendable {
  /// They differ, no matter which way (a two-sided test).
  case different
  /// The second is higher than the first.
  case higher
  /// The second is lower than the first.
  case lower
}
