"""The command line: each command parses, calls a plain function and prints."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from projner.errors import ProjnerError

app = typer.Typer(
    name="projner",
    help="Regions, companies and amounts of money out of Chinese business and project news.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_MODEL = typer.Option(
    "--model", "-m", help="Pipeline: a package name or a folder. Default: the one in projner."
)
_JSON = typer.Option("--json", help="Print JSON.")


@app.callback()
def _projner() -> None:
    """Keeps the commands named, however many there are."""


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(help="Annotated JSONL.")],
    predicted: Annotated[
        Path | None,
        typer.Argument(metavar="[PRED]", help="JSONL of `projner tag`; left out, the gold is tagged."),
    ] = None,
    model: Annotated[str | None, _MODEL] = None,
    errors: Annotated[bool, typer.Option("--errors", help="List each error in its context.")] = False,
    as_json: Annotated[bool, _JSON] = False,
    samples: Annotated[int, typer.Option(min=0, help="Bootstrap samples for the 95 % intervals.")] = 1000,
) -> None:
    """Precision, recall and F1 of exact spans, and the accuracy of values, codes and roles."""
    from projner.evaluate import evaluate_files, format_errors, format_figures

    result = evaluate_files(gold, predicted, model=model)
    figures = result.figures(samples=samples)
    if as_json:
        if errors:
            figures["errors"] = [asdict(error) for error in result.errors]
        _print_json(figures)
        return
    print(format_figures(figures))
    if errors:
        print()
        print(format_errors(result.errors))


@app.command()
def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="Annotated corpus.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="What to write.")],
    source_format: Annotated[
        str | None, typer.Option("--from", help="Format of IN, if not by its suffix.")
    ] = None,
    target_format: Annotated[
        str | None, typer.Option("--to", help="Format of OUT, if not by its suffix.")
    ] = None,
) -> None:
    """Annotated corpora from one format to another; stops at the first span that does not fit its text."""
    from projner.convert import convert as convert_files

    count = convert_files(source, target, source_format=source_format, target_format=target_format)
    _say(f"{count} rows written to {target}")


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))


def main() -> None:
    """Entry point of the console script: no traceback for anything that a user can mend."""
    try:
        app()
    except ProjnerError as error:
        print(f"projner: {error}", file=sys.stderr)
        # 7xx: the command was used wrongly; everything else: the command was right, an input was not.
        sys.exit(2 if error.code.startswith("P7") else 1)
