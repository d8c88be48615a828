import Manipulation
import Testing
import Training

@Suite("Varied pictures")
struct AugmentationTests {
  private let picture = SmallDemonstrations.picture(1, 2, side: 16)

  private func gray(_ value: UInt8) -> RGBImage {
    RGBImage(width: 4, height: 4, pixels: [UInt8](repeating: value, count: 48))
  }

  @Test("nothing asked for changes nothing; a seed gives one picture, another seed another")
  func determinism() {
    #expect(Augmentation()(picture, seed: 5) == picture)
    let all = Augmentation(brightness: 0.3, contrast: 0.3, saturation: 0.3, shift: 3)
    #expect(all(picture, seed: 5) == all(picture, seed: 5))
    #expect(all(picture, seed: 5) != all(picture, seed: 6))
  }

  @Test("brightness multiplies by a factor within its bounds, which both sides are drawn from")
  func brightness() {
    let values = (0..<400).map { Augmentation(brightness: 0.2)(gray(100), seed: $0).pixels[0] }
    #expect(values.allSatisfy { (80...120).contains($0) })
    #expect((values.min() ?? 0) <= 82)
    #expect((values.max() ?? 0) >= 118)
    #expect(Augmentation(brightness: 1)(gray(255), seed: 1).pixels.allSatisfy { $0 <= 255 })
  }

  @Test("contrast keeps the mean grey, saturation each pixel's grey")
  func blends() {
    func grey(_ pixels: ArraySlice<UInt8>) -> Double {
      zip(pixels, [0.299, 0.587, 0.114]).reduce(0) { $0 + Double($1.0) * $1.1 }
    }
    func greys(_ image: RGBImage) -> [Double] {
      stride(from: 0, to: image.pixels.count, by: 3).map { grey(image.pixels[$0..<$0 + 3]) }
    }
    // Far from 0 and 255, so that nothing is clipped.
    let soft = RGBImage(
      width: 16, height: 16, pixels: picture.pixels.map { 90 + $0 / 4 })
    let before = greys(soft)
    for seed in 0..<20 {
      let contrast = greys(Augmentation(contrast: 0.5)(soft, seed: UInt64(seed)))
      let mean = contrast.reduce(0, +) / 256 - before.reduce(0, +) / 256
      #expect(abs(mean) < 0.5, "seed \(seed)")
      let saturated = greys(Augmentation(saturation: 0.5)(soft, seed: UInt64(seed)))
      #expect(zip(saturated, before).allSatisfy { abs($0 - $1) <= 0.51 }, "seed \(seed)")
    }
  }

  @Test("a shift moves whole pixels and repeats the edge, in every direction")
  func shift() {
    var seen: Set<[Int]> = []
    for seed in 0..<300 {
      let moved = Augmentation(shift: 1)(picture, seed: UInt64(seed))
      let places = (-1...1).flatMap { down in (-1...1).map { [down, $0] } }
      let matches = places.filter { isMoved(moved, down: $0[0], right: $0[1]) }
      #expect(matches.count == 1)
      seen.formUnion(matches)
    }
    #expect(seen.count == 9)
  }

  private func isMoved(_ moved: RGBImage, down: Int, right: Int) -> Bool {
    (0..<16 * 16).allSatisfy { index in
      let (y, x) = index.quotientAndRemainder(dividingBy: 16)
      let source = min(15, max(0, y - down)) * 16 + min(15, max(0, x - right))
      return moved.pixels[index * 3..<index * 3 + 3] == picture.pixels[source * 3..<source * 3 + 3]
    }
  }
}
