"""Sheets: kinds of facts as tables with documented columns, a piece of the rows at a time."""

from domain.sheets.core import READERS, part_of
from domain.sheets.csv_text import csv_of
from domain.sheets.sheet import Sheet, pieces, sheet_of_rows

__all__ = ["READERS", "Sheet", "csv_of", "part_of", "pieces", "sheet_of_rows"]
