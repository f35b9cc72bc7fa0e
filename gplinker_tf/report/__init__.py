"""What a run got wrong and why, as Markdown and as a page."""

from gplinker_tf.lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "RunReport": "run_report",
        "markdown_report": "markdown",
        "markdown_summary": "markdown",
        "page": "html_page",
        "read_history": "run_report",
    },
)
