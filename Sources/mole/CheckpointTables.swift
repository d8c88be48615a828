import Checkpoints
import Manipulation
import Reports
import VLAPolicy

extension Table {
  /// A checkpoint's parts: parameters and multiply-accumulates.
  static func parts(of folder: CheckpointFolder, textTokenCount: Int) -> Table {
    let costs = folder.model.configuration.partCosts(textTokenCount: textTokenCount)
    let total = (
      costs.reduce(0) { $0 + $1.tensorCount }, costs.reduce(0) { $0 + $1.parameterCount },
      costs.reduce(0) { $0 + $1.multiplyAccumulates }
    )
    let rows = costs.map {
      row($0.part.rawValue, $0.tensorCount, $0.parameterCount, $0.multiplyAccumulates)
    }
    return Table(
      name: "parts", title: "Parts of the checkpoint",
      notes: [
        "Recognised as \(folder.family.title); --details says where each detail comes from.",
        "Every layer kept, and the router STAR as published; \(textTokenCount) text tokens.",
        "1 MAC = 2 FLOPs.",
      ],
      columns: [
        Column("part"), Column("tensors"), Column("parameters"),
        Column("mega_macs", "MMAC", format: NumberFormat(decimals: 2)),
      ],
      rows: rows + [row("total", total.0, total.1, total.2)])
  }

  /// Every detail of a configuration.
  static func details(_ details: [ConfigurationDetail]) -> Table {
    Table(
      name: "details", title: "Details", notes: ["The names are those of mole's own config.json."],
      columns: [Column("detail"), Column("value"), Column("from")],
      rows: details.map { [.text($0.path), .text($0.value), .text($0.origin.description)] })
  }

  /// Every tensor that the model reads.
  static func tensors(
    of configuration: any ModelConfiguration, in archive: TensorArchive
  ) throws -> Table {
    Table(
      name: "tensors", title: "Tensors", notes: [],
      columns: [Column("name"), Column("part"), Column("type"), Column("shape")],
      rows: try configuration.parameters.map { parameter in
        [
          .text(parameter.name), .text(parameter.part.rawValue),
          .text(try archive.elementType(of: parameter.name).rawValue),
          .text(parameter.shape.map { String($0) }.joined(separator: "x")),
        ]
      })
  }

  private static func row(
    _ name: String, _ tensors: Int, _ parameters: Int, _ macs: Int
  ) -> [Cell] {
    [
      .text(name), .number(Double(tensors)), .number(Double(parameters)),
      .number(Double(macs) / 1e6),
    ]
  }
}
