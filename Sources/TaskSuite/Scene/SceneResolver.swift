internal import Manipulation
internal import Physics

/// Finds in a model what a `task.yaml` names, and says with file and line what is not there.
struct SceneResolver {
  let model: SceneModel
  let path: String

  func checkRoot() throws(TaskError) {
    guard let root: Body = model.find(SceneNames.root), model.isMocap(root) else {
      throw .missingPart(
        path: path, line: 1, part: "mocap body", name: SceneNames.root,
        known: names(of: model.bodies))
    }
  }

  func graspable(of definition: TaskDefinition) throws(TaskError) -> [Body] {
    try freeBodies(definition.graspable, line: definition.line(of: "graspable"))
  }

  func bodies(_ names: [String], line: Int) throws(TaskError) -> [Body] {
    var found: [Body] = []
    for name in names { found.append(try body(name, line: line)) }
    return found
  }

  func freeBodies(_ names: [String], line: Int) throws(TaskError) -> [Body] {
    var found: [Body] = []
    for name in names { found.append(try freeBody(name, line: line)) }
    return found
  }

  func variation(
    _ variation: TaskVariation, graspable: [String]
  ) throws(TaskError) -> VariationParts {
    var parts = VariationParts()
    for condition in variation.success { parts.conditions.append(try self.condition(condition)) }
    for point in variation.expert {
      parts.frames.append(try frame(point.frame, line: point.line))
      if let carried = point.carriedBody, !graspable.contains(carried) {
        throw .unsuitablePart(
          path: path, line: point.line, name: carried,
          problem: "a body that is carried must be one of 'graspable'")
      }
      parts.carried.append(
        try point.carriedBody.map { (name) throws(TaskError) in
          try freeBody(name, line: point.line)
        })
    }
    for draw in variation.placement.joints {
      parts.joints.append(try joint(draw.joint, line: draw.line))
    }
    for draw in variation.placement.bodies {
      parts.bodies.append(try freeBody(draw.body, line: draw.line))
      var sites: [Site] = []
      for name in draw.sites { sites.append(try site(name, line: draw.line)) }
      parts.sites.append(sites)
    }
    return parts
  }
}

extension SceneResolver {
  private func condition(_ condition: SuccessCondition) throws(TaskError) -> ConditionParts {
    let line = condition.line
    switch condition.kind {
    case .jointMoved(let joint, let atLeast):
      return .jointMoved(try self.joint(joint, line: line), atLeast: atLeast)
    case .detected(let objects, let volume, let atLeast):
      return .detected(
        try solids(objects, line: line), volume: try self.volume(volume, line: line),
        atLeast: atLeast)
    case .notDetected(let objects, let volume):
      return .notDetected(
        try solids(objects, line: line), volume: try self.volume(volume, line: line))
    case .nothingGrasped:
      return .nothingGrasped
    }
  }

  /// For each body the geoms that can be detected.
  private func solids(_ names: [String], line: Int) throws(TaskError) -> [[Geom]] {
    var found: [[Geom]] = []
    for name in names {
      let geoms = model.solidGeoms(within: try body(name, line: line))
      guard !geoms.isEmpty else {
        throw .unsuitablePart(
          path: path, line: line, name: name, problem: "the body has no geom to be detected")
      }
      found.append(geoms)
    }
    return found
  }

  private func frame(_ name: String, line: Int) throws(TaskError) -> FrameParts {
    if let body: Body = model.find(name) { return .body(body) }
    if let site: Site = model.find(name) { return .site(site) }
    throw .missingPart(
      path: path, line: line, part: "body or site", name: name, known: names(of: model.bodies))
  }

  private func body(_ name: String, line: Int) throws(TaskError) -> Body {
    guard let body: Body = model.find(name) else {
      throw missing("body", name, line, names(of: model.bodies))
    }
    return body
  }

  private func freeBody(_ name: String, line: Int) throws(TaskError) -> Body {
    let body = try body(name, line: line)
    guard model.freeJoint(of: body) != nil else {
      throw .unsuitablePart(
        path: path, line: line, name: name, problem: "the body has no free joint")
    }
    return body
  }

  private func joint(_ name: String, line: Int) throws(TaskError) -> Joint {
    guard let joint: Joint = model.find(name) else {
      throw missing("joint", name, line, names(of: model.joints))
    }
    guard model.isHingeOrSlide(joint) else {
      throw .unsuitablePart(
        path: path, line: line, name: name, problem: "a hinge or a slide is needed")
    }
    return joint
  }

  private func site(_ name: String, line: Int) throws(TaskError) -> Site {
    guard let site: Site = model.find(name) else { throw missing("site", name, line, []) }
    return site
  }

  private func volume(_ name: String, line: Int) throws(TaskError) -> Geom {
    guard let geom: Geom = model.find(name) else {
      throw missing("geom", name, line, names(of: model.geoms))
    }
    guard !model.collides(geom), model.group(of: geom) == SceneModel.volumeGroup else {
      throw .unsuitablePart(
        path: path, line: line, name: name,
        problem: "a volume needs contype=\"0\" conaffinity=\"0\" group=\"4\"")
    }
    return geom
  }

  private func missing(
    _ part: String, _ name: String, _ line: Int, _ known: [String]
  ) -> TaskError {
    .missingPart(path: path, line: line, part: part, name: name, known: known)
  }

  /// The names of the task's own parts.
  private func names<Kind>(of elements: [Element<Kind>]) -> [String] {
    elements.compactMap { model.name(of: $0) }.filter {
      !SceneNames.isCommon($0) && $0 != "world"
    }
  }
}
