"""Every message a user can meet, with a code. Ranges: 1xx money, 2xx region, 3xx company, 4xx project,
5xx files and rows, 6xx tagger and training, 7xx command line and report."""

from __future__ import annotations


class ProjnerError(ValueError):
    """A problem a user can mend; `code` is stable, the text is not."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(f"[{code}] {message}" if code else message)
        self.code = code


class _Template:
    def __init__(self, text: str) -> None:
        self.text = text
        self.code = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.code = name

    def format(self, **values: object) -> ProjnerError:
        return ProjnerError(self.text.format(**values), self.code)


class Errors:
    """Message templates; `Errors.P101.format(...)` gives the exception to raise."""

    # 1xx money
    # 2xx region
    # 3xx company
    # 4xx project
    # 5xx files and rows
    # 6xx tagger and training
    # 7xx command line and report
