"""One HTML file, or a folder, made of the same results as the commands."""

from __future__ import annotations

from agency.report.files import leftovers, write_report

__all__ = ["leftovers", "write_report"]
