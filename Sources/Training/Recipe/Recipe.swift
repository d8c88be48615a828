package import Checkpoints
package import TensorMath
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
  /// Layers that run where above 1, else their share, or for `mod` that of the tokens.
  package var keep = 0.5
  package var star = STAROptions()
  package var distillation = DistillationOptions()
  package var exits = ExitOptions()
  package var experts = ExpertOptions()
  package var data = DataOptions()
  package var augmentation = Augmentation()
  package var validation = ValidationOptions()
  package var checkpointEvery = 500
  /// What the weights of the checkpoint are stored in.
  package var weights = FloatType.f32
  /// What the factors of products with weights are rounded to while training; parameters, sums and
  /// gradients are 32-bit floats in either case.
  package var precision = FloatType.f32

  package init() {}

  /// What the method minimises.
  package var options: MethodOptions {
    var options = MethodOptions(method, keep: keep)
    options.diffusion = diffusion
    options.star = star
    options.distillation = distillation
    options.exits = exits
    options.experts = experts
    return options
  }

  /// Whether there is a teacher, whose parameters follow the policy's.
  package var hasTeacher: Bool { method == .mole && distillation.weight > 0 }

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
    case star
    case distillation
    case exits
    case experts
    case data
    case augmentation
    case validation
    case checkpointEvery = "checkpoint_every"
    case weights
    case precision
  }

  /// The types of floating-point numbers.
  package enum FloatType: String, CaseIterable, Codable, Sendable {
    case f32
    case bf16

    package var elementType: ElementType { self == .f32 ? .float32 : .bfloat16 }
    package var precision: Precision { self == .f32 ? .float32 : .bfloat16 }
  }
}

/// AdamW, its learning rate, and what holds its steps back.
package struct OptimizerOptions: Codable, Equatable, Sendable {
  package var learningRate = 6e-4
  /// The learning rate of the layer router in multiples of the others'. It starts as nothing in a
  /// policy that is trained already, and noise hides scores that are small.
  package var routerScale = 1.0
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
    case routerScale = "router_scale"
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
