"""One HTML file, or a folder, made of the same results as the commands."""

from __future__ import annotations

from agency.report.files import leftovers, write_report
from agency.report.methods import Given

__all__ = ["Given", "leftovers", "write_report"]
