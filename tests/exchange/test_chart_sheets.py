"""A workbook with a sheet that is a chart only is read as if it did not have that sheet."""

import io

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference

from results.tables.workbook import read_sheets


def test_sheet_that_is_a_chart_is_left_out() -> None:
    book, content = Workbook(), io.BytesIO()
    votes = book.worksheets[0]
    votes.append(["Candidate", "Votes"])
    votes.append(["Ann Hall", 900])
    chart = BarChart()
    chart.add_data(Reference(votes, min_col=2, min_row=1, max_row=2), titles_from_data=True)
    book.create_chartsheet("Chart", 0).add_chart(chart)
    book.save(content)
    sheets = read_sheets(content.getvalue())
    assert [sheet.name for sheet in sheets] == ["Sheet"]
    cells = [row[:2] for _number, row in sheets[0].rows]
    assert cells == [["Candidate", "Votes"], ["Ann Hall", "900"]]
