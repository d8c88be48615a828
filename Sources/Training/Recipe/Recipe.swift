package import Checkpoints
package import VLAPolicy

/// What a training does: the one file that, with the demonstrations, makes a policy again.
package struct Recipe: Codable, Equatable, Sendable {
  package var name = ""
  package var method = LearningMethod.dense
  /// A preset's name: the policy starts from random weights.
  package var preset: String?
  /// A checkpoint's folder, or a training's, that the policy starts from.
  package var initial: String?
  /// Assignments `key=value` to details of the policy's configuration.
  package var set: [String] = []
  package var seed: UInt64 = 0
  package var updates = 1000
  /// Samples an update: lanes × accumulated micro-batches × samples of each.
  package var batch = 32
  /// Shares of a micro-batch that run at once; sums are taken in their order.
  package var lanes = 2
  /// Micro-batches an update.
  package var accumulate = 1
  package var optimizer = OptimizerOptions()
  /// How much of the running mean of the parameters an update keeps; `nil` for none.
  package var ema: Double? = 0.999
  /// The same for the teacher of the distillation.
  package var teacherEMA = 0.999
  package var diffusion = DiffusionOptions()
  /// Layers that are kept, or the share of the tokens; as the configuration says where `nil`.
  package var keep: Double?
  package var augmentation = AugmentationOptions()
  package var validation = ValidationOptions()
  package var checkpointEvery = 500
  /// What the weights of the checkpoint are stored in.
  package var weights = StoredType.f32

  package init() {}

  package enum CodingKeys: String, CodingKey, CaseIterable {
    case name
    case method
    case preset
    case initial
    case set
    case seed
    case updates
    case batch
    case lanes
    case accumulate
    case optimizer
    case ema
    case teacherEMA = "teacher_ema"
    case diffusion
    case keep
    case augmentation
    case validation
    case checkpointEvery = "checkpoint_every"
    case weights
  }

  /// How weights are stored.
  package enum StoredType: String, CaseIterable, Codable, Sendable {
    case f32
    case bf16

    package var elementType: ElementType { self == .f32 ? .float32 : .bfloat16 }
  }
}

/// AdamW, its learning rate, and what holds its steps back.
package struct OptimizerOptions: Codable, Equatable, Sendable {
  package var learningRate = 6e-4
  /// Updates in which the learning rate rises to its height.
  package var warmup = 300
  package var schedule = Schedule.cosine
  /// The share of the learning rate that a cosine ends with.
  package var finalShare = 0.0
  package var weightDecay = 0.05
  package var beta1 = 0.9
  package var beta2 = 0.95
  package var epsilon = 1e-8
  /// The longest gradient; a longer one is shortened to it.
  package var clip = 1.0

  package init() {}

  package enum Schedule: String, CaseIterable, Codable, Sendable {
    case cosine
    case constant
  }

  private enum CodingKeys: String, CodingKey {
    case learningRate = "learning_rate"
    case warmup
    case schedule
    case finalShare = "final_share"
    case weightDecay = "weight_decay"
    case beta1
    case beta2
    case epsilon
    case clip
  }
}

/// Random changes of the pictures that are trained on.
package struct AugmentationOptions: Codable, Equatable, Sendable {
  /// Factors are drawn from 1 − x to 1 + x.
  package var brightness = 0.2
  package var contrast = 0.2
  package var saturation = 0.0
  /// The most pixels that a picture is moved by.
  package var shift = 0

  package init() {}
}

/// How a training is watched on demonstrations that it does not see.
package struct ValidationOptions: Codable, Equatable, Sendable {
  /// Updates from one validation to the next.
  package var every = 500
  /// The most samples that are looked at.
  package var samples = 512
  package var best = BestRule.lowestActionError

  package init() {}

  /// Which checkpoint is kept.
  package enum BestRule: String, CaseIterable, Codable, Sendable {
    case lowestActionError = "lowest-action-error"
    case lowestLoss = "lowest-loss"
    case last
  }
}
