import Insight
import Testing

@Suite struct BarChartTests {
  private static func chart(_ a: [Int], _ b: [Int]) -> BarChart {
    BarChart(
      title: "Gaps & more", axis: "time", unit: "pairs", categories: ["< 1m", "more"],
      series: [.init("old", a), .init("new", b)])
  }

  @Test func barsStandInProportion() {
    #expect(
      Self.chart([8, 0], [4, 1200]).text(width: 10) == """
        Gaps & more: pairs by time

        < 1m  old  ▒ 8
              new  ▏ 4
        more  old   0
              new  ██████████ 1,200
        """)
    #expect(Self.chart([40, 30], [10, 5]).text(width: 4).contains("▒▒▒▒ 40\n      new  █ 10\nmore  old  ▒▒▒ 30\n"))
  }

  @Test func nothingAtAllIsDrawnToo() {
    #expect(Self.chart([0, 0], [0, 0]).text().contains("old   0"))
    let svg = BarChart.svg([Self.chart([], [0]), BarChart(title: "", axis: "", unit: "", categories: [], series: [])])
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    #expect(BarChart.svg([]).contains("height=\"0\""))
  }

  @Test func thePictureNamesItsAxesAndEscapesThem() {
    let svg = BarChart.svg([Self.chart([8911, 0], [1, 4455])])
    for text in [">Gaps &amp; more<", ">&lt; 1m<", ">time<", ">pairs<", ">old<", ">new<", ">8,911<", ">10,000<"] {
      #expect(svg.contains(text), "\(text)")
    }
    #expect(!svg.contains("Gaps & more"))
    #expect(svg.contains("prefers-color-scheme: dark"))
    // 204 pixels are 10,000.
    #expect(svg.contains("y=\"88\"") && svg.contains("height=\"182\""), "8,911")
    #expect(svg.contains("height=\"91\""), "4,455")
    #expect(svg.contains("y=\"269\"") && svg.contains("height=\"1\"/>"), "what is there at all is seen")
  }

  @Test(arguments: [1, 7, 999, 10_000, Int.max]) func itsScaleIsReadable(largest: Int) {
    let svg = BarChart.svg([Self.chart([largest], [])])
    let lines = svg.split(separator: "<line ").count - 1
    #expect((2...7).contains(lines), "\(lines) lines across")
  }
}
