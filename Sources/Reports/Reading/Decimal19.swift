/// A decimal number of at most nineteen digits: `significand` · 10^`exponent`.
struct Decimal19 {
  var significand: UInt64
  var exponent = 0

  private static let powersOfTen = powers(of: 10)
  private static let powersOfFive = powers(of: 5)

  /// All that 64 bits hold.
  private static func powers(of base: UInt64) -> [UInt64] {
    var powers: [UInt64] = [1]
    while true {
      let (power, isTooLarge) = powers[powers.count - 1].multipliedReportingOverflow(by: base)
      guard !isTooLarge else { return powers }
      powers.append(power)
    }
  }

  /// Appends a digit after the point; `false` where there is no room for it.
  mutating func append(fraction digit: UInt64) -> Bool {
    guard significand <= (UInt64.max - 9) / 10 else { return false }
    significand = 10 * significand + digit
    exponent -= 1
    return true
  }

  /// The nearest number, ties to the even one; `nil` where it takes more than 64 bits to find.
  ///
  /// m / 10^k is m / 5^k with another exponent of two. Both are shifted up to 64 bits, so that their
  /// quotient has 63 or 64; its last bit also says whether something is left over. That is enough to
  /// round once, as the exact value would be.
  func rounded<Number: BinaryFloatingPoint>(to type: Number.Type) -> Number? {
    guard significand > 0, exponent != 0 else { return Number(significand) }
    if exponent > 0 {
      guard exponent < Decimal19.powersOfTen.count else { return nil }
      let (product, isTooLarge) = significand.multipliedReportingOverflow(
        by: Decimal19.powersOfTen[exponent])
      return isTooLarge ? nil : Number(product)
    }
    guard -exponent < Decimal19.powersOfFive.count else { return nil }
    let divisor = Decimal19.powersOfFive[-exponent]
    let shifts = (significand.leadingZeroBitCount, divisor.leadingZeroBitCount)
    let dividend = significand << UInt64(shifts.0)
    let (quotient, rest) = (divisor << UInt64(shifts.1))
      .dividingFullWidth((dividend >> 1, dividend << 63))
    return Number(
      sign: .plus, exponent: Number.Exponent(-63 + shifts.1 - shifts.0 + exponent),
      significand: Number(rest == 0 ? quotient : quotient | 1))
  }
}
