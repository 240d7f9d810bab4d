"""What people look at: self-contained HTML pages made from the published warehouse only."""

from reports.render import render_reports

__all__ = ["render_reports"]
