"""An invented secondary school, written as the export files a school has, with its truth beside it."""

from attendance_lib.demo.school import DemoSummary, write_demo

__all__ = ["DemoSummary", "write_demo"]
