import Foundation
import Reports
import Testing

@Suite("Tables as text")
struct TableTests {
  private let table = Table(
    name: "fruit", title: "Fruit by method",
    notes: ["1 MAC = 2 FLOPs."],
    columns: [
      .init("method", isGroup: true), .init("task"),
      .init("share", "eaten\n%", format: .percent()),
      .init("interval", "95 %\ninterval", format: .percent(), audience: .people),
      .init("macs", "executed\nMAC", format: NumberFormat(scale: 1e-3, decimals: 2)),
      .init("exact", audience: .data),
    ],
    rows: [
      [
        .text("dense"), .text("apple"), .number(0.5), .interval(0.25, 1), .number(1500),
        .number(0.1),
      ],
      [.text("dense"), .text("fig, \"ripe\""), .empty, .empty, .number(20), .empty],
      [.text("mole"), .text("a|b\n<i>"), .number(0), .empty, .number(-0.001), .number(2)],
    ])

  @Test("CSV follows RFC 4180, with keys, all digits and base units")
  func writesCSV() {
    let lines = [
      "method,task,share,macs,exact",
      "dense,apple,0.5,1500,0.1",
      "dense,\"fig, \"\"ripe\"\"\",,20,",
      "mole,\"a|b\n<i>\",0,-0.001,2",
    ]
    #expect(table.csv() == lines.map { $0 + "\r\n" }.joined())
  }

  @Test("Markdown escapes what Markdown and HTML would read")
  func writesMarkdown() {
    #expect(
      table.markdown() == """
        ### Fruit by method

        | method | task | eaten % | 95 % interval | executed MAC |
        | :-- | :-- | --: | --: | --: |
        | dense | apple | 50.0 | 25.0–100.0 | 1.50 |
        | dense | fig, "ripe" | – | – | 0.02 |
        | mole | a\\|b &lt;i&gt; | 0.0 | – | 0.00 |

        - 1 MAC = 2 FLOPs.

        """)
  }

  @Test("LaTeX has booktabs' rules, groups named once, and nothing that LaTeX would read")
  func writesLaTeX() {
    #expect(
      table.latex() == #"""
        % Needs \usepackage{booktabs}.
        \begin{table}
          \centering
          \caption{Fruit by method}
          \label{tab:fruit}
          \begin{tabular}{llrrr}
            \toprule
            method & task & eaten \% & 95 \% interval & executed MAC \\
            \midrule
            dense & apple & 50.0 & 25.0--100.0 & 1.50 \\
             & fig, ''ripe'' & -- & -- & 0.02 \\
            \addlinespace
            mole & a\textbar{}b \textless{}i\textgreater{} & 0.0 & -- & 0.00 \\
            \bottomrule
          \end{tabular}
          \par\smallskip{\footnotesize 1 MAC = 2 FLOPs.\par}
        \end{table}

        """#)
  }

  @Test("every letter that LaTeX reads is escaped, and a sign is a minus")
  func escapesLaTeX() {
    let table = Table(
      name: "a_b", title: ##"\input{x} $1 & 2% #3 _4 ^5 ~6 `7' ÷8 µ9"##, notes: [],
      columns: [.init("n", format: NumberFormat(decimals: 1))], rows: [[.number(-2.5)]])
    let lines = table.latex().split(separator: "\n")
    let caption =
      ##"  \caption{\textbackslash{}input\{x\} \$1 \& 2\% \#3 \_4 \textasciicircum{}5"##
      + #" \textasciitilde{}6 \textasciigrave{}7\textquotesingle{} $\div$8 $\mu$9}"#
    #expect(lines[3] == caption)
    #expect(lines[4] == #"  \label{tab:a-b}"#)
    #expect(lines.contains(#"    $-$2.5 \\"#))
  }

  @Test("the console shows groups, aligned columns and headings of two lines")
  func writesConsole() {
    #expect(
      table.console() == """
        Fruit by method

                       eaten        95 %  executed
        task               %    interval       MAC
        ------------------------------------------
        dense
          apple         50.0  25.0–100.0      1.50
          fig, "ripe"      –           –      0.02
        mole
          a|b <i>        0.0           –      0.00

          1 MAC = 2 FLOPs.

        """)
  }

  @Test("a table too wide for the console narrows its names")
  func narrowsConsole() {
    var table = table
    table.rows[0][1] = .text(String(repeating: "long_name_", count: 20))
    let lines = table.console(width: 80).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.contains { $0.contains("…") })
  }

  @Test("a name cannot steer the terminal")
  func cleansControlCharacters() {
    var table = table
    table.rows[0][1] = .text("evil\u{1B}[2Jname\u{202E}")
    #expect(table.console().contains("evil\u{FFFD}[2Jname\u{FFFD}"))
    #expect(!table.console().contains("\u{1B}"))
    #expect(!table.markdown().contains("\u{1B}"))
  }

  @Test("JSON holds rows by key and is read back")
  func writesJSON() throws {
    let json = try JSONSerialization.jsonObject(with: Data(table.json().utf8))
    let object = try #require(json as? [String: Any])
    let rows = try #require(object["rows"] as? [[String: Any]])
    #expect(object["notes"] as? [String] == ["1 MAC = 2 FLOPs."])
    #expect(rows.count == 3)
    #expect(rows[1]["task"] as? String == "fig, \"ripe\"")
    #expect(rows[1]["share"] is NSNull)
    #expect(rows[0]["macs"] as? Double == 1500)
    #expect(rows[0]["interval"] == nil)
  }

  @Test("a table without rows is its headings", arguments: TableFormat.allCases)
  func writesEmptyTable(format: TableFormat) {
    var table = table
    table.rows = []
    #expect(!table.rendered(as: format).isEmpty)
  }
}

@Suite("Tables of a run")
struct RunTableTests {
  private let summary: RunSummary

  init() throws {
    summary = try TinyRun.fixture().summary()
  }

  @Test("the main table shows both methods, their tasks, the mean and the pooled queries")
  func showsMainTable() {
    let text = MainTable.table(summary).console()
    let body = text.split(separator: "\n").prefix(13).joined(separator: "\n")
    #expect(
      body == """
        Key-frame match and compute in 'kitchen'
                                                                                                                        language
                            epi-  match       95 %  position  rotation  gripper  layers  language      ÷    p50    p95      time
        task               sodes      %   interval         m       deg        %     run       MAC  dense      s      s   ÷ dense
        ------------------------------------------------------------------------------------------------------------------------
        dense
          pour                 2   66.7  20.8–93.9    0.0200      4.00    100.0    4.00     400.0   1.00  5.000  5.000      1.00
          push                 1    0.0   0.0–79.3    0.1000     40.00      0.0    4.00     400.0   1.00  5.000  5.000      1.00
          mean over tasks      3   33.3          –    0.0600     22.00     50.0    4.00     400.0   1.00  5.000  5.000      1.00
          pooled queries       3   50.0  15.0–85.0    0.0350     12.00     75.0    4.00     400.0   1.00  5.000  5.000      1.00
        mole
          pour                 2   33.3   6.1–79.2    0.0400      6.00     66.7    2.00     210.0   1.90  3.100  3.100      0.53
          push                 1    0.0   0.0–79.3         –         –      0.0    3.00     310.0   1.29  4.100  4.100      0.78
        """)
  }

  @Test("a narrow console leaves out what matters least, and cuts no name")
  func showsNarrowTable() {
    let lines = MainTable.table(summary).console(width: 80).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.contains { $0.hasPrefix("  mean over tasks ") })
    #expect(!lines.prefix(5).contains { $0.contains("p95") || $0.contains("gripper") })
  }

  @Test("each table says what a MAC is, and no column is called success")
  func saysConventions() {
    let tables = [
      MainTable.table(summary), ComputeTable.table(summary), LayerUsageTable.long(summary),
      LayerUsageTable.wide(summary),
    ]
    for table in tables {
      #expect(table.notes.contains { $0.contains("1 MAC = 2 FLOPs") }, "\(table.name)")
      #expect(!table.columns.contains { $0.key.contains("success") })
      #expect(table.rows.allSatisfy { $0.count == table.columns.count })
    }
  }

  @Test("the compute table holds nominal, executed and measured numbers of each part")
  func showsCompute() {
    let lines = ComputeTable.table(summary).csv().split(separator: "\r\n").map(String.init)
    #expect(
      lines[0] == "method,part,nominal_macs,executed_macs,executed_flops_2_per_mac,"
        + "reduction_factor,reduction,measured_p50_s,measured_p95_s,measured_mean_s,"
        + "measured_mean_ratio_to_dense")
    #expect(lines.contains("dense,language_model,400,400,800,1,0,4,4,4,1"))
    #expect(lines.contains { $0.hasPrefix("mole,router,0,10,20,,,0.1,") })
    #expect(lines.contains { $0.hasPrefix("mole,language_model,225,235,470,1.702127659574468,") })
  }

  @Test("layer usage is a row a layer for programs and a column a layer for people")
  func showsLayerUsage() {
    let lines = LayerUsageTable.long(summary).csv().split(separator: "\r\n")
    #expect(lines.count == 1 + 2 * 3 * 4)
    #expect(lines.contains("mole,push,1,0.5,1"))
    let text = LayerUsageTable.wide(summary).markdown()
    #expect(text.contains("| mole | push | 3.00 | 100 | 50 | 50 | 100 |"))
  }
}
