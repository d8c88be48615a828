import RealModule

// Written so that the compiler turns loops over them into vector instructions: no branches, no
// traps, no calls. Errors are a few units in the last place.

/// eˣ; 0 where the result would not be a normal number, and held below infinity.
@inline(__always)
func vectorExp(_ x: Float) -> Float {
  let low: Float = -87.3
  let high: Float = 88
  let held = x < low ? low : (x > high ? high : x)
  // Adding 1.5 · 2²³ leaves the nearest whole number in the lowest bits.
  let magic: Float = 12_582_912
  let shifted = Relaxed.multiplyAdd(held, 1.442_695_04, magic)
  let whole = shifted - magic
  let rest = Relaxed.multiplyAdd(
    whole, 2.121_944_40e-4, Relaxed.multiplyAdd(whole, -0.693_359_375, held))
  var series: Float = 1.987_569_15e-4
  series = Relaxed.multiplyAdd(series, rest, 1.398_199_951e-3)
  series = Relaxed.multiplyAdd(series, rest, 8.333_451_907e-3)
  series = Relaxed.multiplyAdd(series, rest, 4.166_579_589e-2)
  series = Relaxed.multiplyAdd(series, rest, 1.666_666_546e-1)
  series = Relaxed.multiplyAdd(series, rest, 0.5)
  let value = Relaxed.multiplyAdd(series, rest * rest, rest) + 1
  let power = Float(bitPattern: (shifted.bitPattern &+ 127) &<< 23)
  return x < low ? 0 : value * power
}

/// x · sigmoid(x).
@inline(__always)
func vectorSiLU(_ x: Float) -> Float {
  x / (1 + vectorExp(-x))
}

/// The error function, Abramowitz and Stegun 7.1.26: the error stays below 2e-7.
@inline(__always)
func vectorErf(_ x: Float) -> Float {
  let size = x.magnitude
  let t = 1 / Relaxed.multiplyAdd(0.327_591_1, size, 1)
  var series: Float = 1.061_405_429
  series = Relaxed.multiplyAdd(series, t, -1.453_152_027)
  series = Relaxed.multiplyAdd(series, t, 1.421_413_741)
  series = Relaxed.multiplyAdd(series, t, -0.284_496_736)
  series = Relaxed.multiplyAdd(series, t, 0.254_829_592)
  let value = 1 - series * t * vectorExp(-size * size)
  return x < 0 ? -value : value
}

/// x · Φ(x), with the error function.
@inline(__always)
func vectorGELU(_ x: Float) -> Float {
  0.5 * x * (1 + vectorErf(x * 0.707_106_77))
}

/// The tanh approximation of GELU; (1 + tanh(u)) / 2 is the logistic function of 2u.
@inline(__always)
func vectorGELUTanh(_ x: Float) -> Float {
  let doubled = 1.595_769_1 * Relaxed.multiplyAdd(0.044_715 * x * x, x, x)
  return x / (1 + vectorExp(-doubled))
}
