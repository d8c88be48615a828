package import Manipulation

extension RGBImage {
  /// Resizes with the antialiased bicubic filter; equals `Image.resize((width, height),
  /// Image.BICUBIC)` of Pillow up to version 12, which the published policies were trained with,
  /// bit for bit.
  ///
  /// The horizontal pass comes first. Pillow 13 swaps the passes where the height shrinks much more
  /// than the width, which can change a value by a few levels.
  ///
  /// - Precondition: `width` and `height` are positive, and the picture is not empty.
  package func resizedBicubic(width: Int, height: Int) -> RGBImage {
    precondition(width > 0 && height > 0, "\(width)x\(height) is no picture's size")
    precondition(self.width > 0 && self.height > 0, "an empty picture cannot be resized")
    let wide = self.width == width ? self : resizedHorizontally(to: width)
    return wide.height == height ? wide : wide.resizedVertically(to: height)
  }

  private func resizedHorizontally(to newWidth: Int) -> RGBImage {
    let kernel = BicubicKernel(from: width, to: newWidth)
    var result = [UInt8](repeating: 0, count: newWidth * height * 3)
    for y in 0..<height {
      let row = pixels[y * width * 3..<(y + 1) * width * 3]
      for (x, range) in kernel.ranges.enumerated() {
        var sums = SIMD3<Int32>(repeating: roundingHalf)
        var source = row.startIndex + range.lowerBound * 3
        let weights = kernel.weights[x * kernel.width..<x * kernel.width + range.count]
        for weight in weights {
          sums &+=
            weight &* SIMD3(Int32(row[source]), Int32(row[source + 1]), Int32(row[source + 2]))
          source += 3
        }
        let target = (y * newWidth + x) * 3
        for channel in 0..<3 { result[target + channel] = byte(sums[channel]) }
      }
    }
    return RGBImage(width: newWidth, height: height, pixels: result)
  }

  private func resizedVertically(to newHeight: Int) -> RGBImage {
    let kernel = BicubicKernel(from: height, to: newHeight)
    let stride = width * 3
    var result: [UInt8] = []
    result.reserveCapacity(newHeight * stride)
    var sums = [Int32](repeating: 0, count: stride)
    for (y, range) in kernel.ranges.enumerated() {
      for i in sums.indices { sums[i] = roundingHalf }
      for (offset, sourceY) in range.enumerated() {
        let weight = kernel.weights[y * kernel.width + offset]
        add(weight, times: pixels[sourceY * stride..<(sourceY + 1) * stride], to: &sums)
      }
      for sum in sums { result.append(byte(sum)) }
    }
    return RGBImage(width: width, height: newHeight, pixels: result)
  }
}

private let roundingHalf = Int32(1) << (BicubicKernel.fractionBits - 1)

private func add(_ weight: Int32, times row: ArraySlice<UInt8>, to sums: inout [Int32]) {
  let start = row.startIndex
  for i in sums.indices { sums[i] &+= weight &* Int32(row[start + i]) }
}

/// The fixed-point sum as a byte; the cubic's negative lobes can leave 0...255.
private func byte(_ sum: Int32) -> UInt8 {
  UInt8(clamping: sum >> BicubicKernel.fractionBits)
}
