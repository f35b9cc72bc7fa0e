from .html_page import page as page
from .markdown import markdown_report as markdown_report
from .markdown import markdown_summary as markdown_summary
from .reporting import report_run as report_run
from .run_report import RunReport as RunReport
