internal import CMuJoCo

/// A kind of named things in a model.
package protocol ElementKind: Sendable {
  /// The word for messages, such as `joint`.
  static var word: String { get }
  /// MuJoCo's number of the kind (`mjtObj`).
  static var code: Int32 { get }
}

/// A body, joint, … of a model, by its number.
package struct Element<Kind: ElementKind>: Hashable, Sendable {
  package let index: Int

  init(_ index: Int) {
    self.index = index
  }
}

package typealias Body = Element<BodyKind>
package typealias Joint = Element<JointKind>
package typealias Geom = Element<GeomKind>
package typealias Site = Element<SiteKind>
package typealias Camera = Element<CameraKind>
package typealias Actuator = Element<ActuatorKind>
package typealias Equality = Element<EqualityKind>

package enum BodyKind: ElementKind {
  package static let word = "body"
  package static let code = Int32(mjOBJ_BODY.rawValue)
}

package enum JointKind: ElementKind {
  package static let word = "joint"
  package static let code = Int32(mjOBJ_JOINT.rawValue)
}

package enum GeomKind: ElementKind {
  package static let word = "geom"
  package static let code = Int32(mjOBJ_GEOM.rawValue)
}

package enum SiteKind: ElementKind {
  package static let word = "site"
  package static let code = Int32(mjOBJ_SITE.rawValue)
}

package enum CameraKind: ElementKind {
  package static let word = "camera"
  package static let code = Int32(mjOBJ_CAMERA.rawValue)
}

package enum ActuatorKind: ElementKind {
  package static let word = "actuator"
  package static let code = Int32(mjOBJ_ACTUATOR.rawValue)
}

package enum EqualityKind: ElementKind {
  package static let word = "equality"
  package static let code = Int32(mjOBJ_EQUALITY.rawValue)
}
