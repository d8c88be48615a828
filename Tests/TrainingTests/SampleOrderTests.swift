import Testing
import Training

@Suite("The order of samples")
struct SampleOrderTests {
  /// Three tasks of 20, 60 and 120 samples.
  private let tasks = (0..<200).map { $0 < 20 ? 0 : $0 < 80 ? 1 : 2 }

  @Test("an epoch has every sample once, and the next another order")
  func permutation() {
    let order = SampleOrder(tasks: tasks, balance: .frames, seed: 3)
    #expect(order.epochLength == 200)
    #expect(order.permutation(ofEpoch: 0).sorted() == Array(0..<200))
    #expect(order.permutation(ofEpoch: 1).sorted() == Array(0..<200))
    #expect(order.permutation(ofEpoch: 0) != order.permutation(ofEpoch: 1))
  }
}
