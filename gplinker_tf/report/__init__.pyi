from .html_page import page as page
from .markdown import markdown_report as markdown_report
from .markdown import markdown_summary as markdown_summary
from .run_report import RunReport as RunReport
