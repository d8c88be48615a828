/// A smooth curve through the points of a path: a Catmull-Rom spline with knots at 0, 1, 2, …
///
/// On points that lie evenly on a straight line it is that line.
struct JointSpline {
  private let points: [JointVector]

  /// - Precondition: There are at least two points.
  init(_ points: [JointVector]) {
    precondition(points.count > 1, "\(points.count) points are no curve")
    self.points = points
  }

  /// The parameter of the last point.
  var end: Double { Double(points.count - 1) }

  /// The curve and its first two derivatives at `parameter`, in 0…`end`.
  func at(_ parameter: Double) -> (value: JointVector, slope: JointVector, bend: JointVector) {
    let segment = min(points.count - 2, max(0, Int(parameter)))
    let t = parameter - Double(segment)
    let (p, q) = (points[segment], points[segment + 1])
    let (m, n) = (tangent(at: segment), tangent(at: segment + 1))
    // cubic Hermite: p + m t + a t² + b t³
    let chord = q - p
    let a = 3 * chord - 2 * m - n
    let b = m + n - 2 * chord
    let value = p + t * (m + t * (a + t * b))
    let slope = m + (2 * t) * a + (3 * t * t) * b
    let bend = 2 * a + (6 * t) * b
    return (value, slope, bend)
  }

  private func tangent(at point: Int) -> JointVector {
    if point == 0 { return points[1] - points[0] }
    if point == points.count - 1 { return points[point] - points[point - 1] }
    return 0.5 * (points[point + 1] - points[point - 1])
  }
}
