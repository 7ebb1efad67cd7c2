"""The command line: each command parses, calls a plain function and prints."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

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

Kind = Literal["txt", "jsonl", "csv", "parquet"]

_FORMATS = "jsonl, spacy, doccano, labelstudio, brat, bio, bmes or biluo"
_MODEL = typer.Option(
    "--model", "-m", help="Pipeline: a package name or a folder. Default: the one in projner."
)
_JSON = typer.Option("--json", help="Print JSON.")


@app.callback()
def _projner() -> None:
    """Keeps the commands named, however many there are."""


@app.command()
def tag(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT...", help="Files, folders, globs or - (stdin).")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="OUT.jsonl, OUT.csv or OUT.parquet; else stdout.")
    ] = None,
    text_column: Annotated[str, typer.Option(help="Column with the text.")] = "text",
    id_column: Annotated[
        str | None, typer.Option(help="Column with the id. Default: id, if there is one.")
    ] = None,
    place_column: Annotated[
        str | None, typer.Option(help="Column with the place that a text is from.")
    ] = None,
    place: Annotated[str | None, typer.Option(help="Where the texts are from, such as 220500.")] = None,
    input_format: Annotated[
        Kind | None, typer.Option("--format", help="What the inputs are, whatever their names.")
    ] = None,
    model: Annotated[str | None, _MODEL] = None,
    no_text: Annotated[bool, typer.Option("--no-text", help="Leave the text out of the output.")] = False,
    flat: Annotated[
        bool, typer.Option("--flat", help="One row an entity instead of one a document.")
    ] = False,
    projects: Annotated[
        bool, typer.Option("--projects", help="One row a project, as a table; on stdout as CSV.")
    ] = False,
    bom: Annotated[bool, typer.Option("--bom", help="CSV with a byte order mark, for Excel.")] = False,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where a broken-off run stopped.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first row that fails.")] = False,
) -> None:
    """Tag regions, companies and amounts of money; one JSON object a document.

    Exit code 0: done; 1: some inputs failed, each is named on stderr (and in OUT.errors.jsonl), the rest is
    done; 2: wrong use."""
    from projner.batch.bar import Bar
    from projner.batch.options import Options
    from projner.batch.readers import Columns
    from projner.batch.run import tag_files

    options = Options(
        columns=Columns(text_column, id_column, place_column),
        kind=input_format,
        model=model,
        text=not no_text,
        flat=flat,
        projects=projects,
        bom=bom,
        place=place,
        workers=workers,
        strict=strict,
        resume=resume,
    )
    with Bar(inputs, options.kind, output) as bar:
        summary = tag_files(inputs, output, options, notify=bar.write, advance=bar.advance)
    _say(str(summary))
    if summary.stopped:
        _say(f"projner: {summary.stopped}")
    if summary.interrupted:
        sys.exit(130)
    if summary.failures or summary.stopped:
        sys.exit(1)


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
    source: Annotated[Path, typer.Argument(metavar="IN", help="Annotated corpus; with --tag, articles.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="What to write.")],
    source_format: Annotated[str | None, typer.Option("--from", help=f"Format of IN: {_FORMATS}.")] = None,
    target_format: Annotated[str | None, typer.Option("--to", help="Format of OUT, the same names.")] = None,
    tag_first: Annotated[bool, typer.Option("--tag", help="Tag articles, for a person to correct.")] = False,
    model: Annotated[str | None, _MODEL] = None,
) -> None:
    """Annotated corpora from one format to another; stops at the first span that does not fit its text.

    Formats go by their suffixes: .jsonl (ours), .spacy, .json (Label Studio), .conll, .bmes, .biluo; name the
    others with --from and --to."""
    from projner.convert import FORMATS, format_of
    from projner.convert import convert as convert_files

    formats = {"source_format": source_format, "target_format": target_format}
    count = convert_files(source, target, **formats, tag=tag_first, model=model)
    _say(f"{count} rows written to {target}")
    name = format_of(target, target_format)
    if FORMATS[name].drops:
        _say(f"{name} does not hold {FORMATS[name].drops}: left out where there were any")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def train(
    context: typer.Context,
    config: Annotated[
        str, typer.Argument(metavar="CONFIG", help="default, continue or new-labels, or a file.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for model-best and model-last.")],
    use_gpu: Annotated[int, typer.Option("--gpu-id", "-g", help="Number of a GPU; -1: the CPU.")] = -1,
) -> None:
    """Train a pipeline: `spacy train` with our configs. Further options replace values of the config:
    --paths.train own.jsonl --training.max_steps 200."""
    from spacy.cli._util import parse_config_overrides

    from projner.train import train as train_pipeline

    train_pipeline(config, output, parse_config_overrides(context.args), use_gpu=use_gpu)


@app.command()
def check(
    paths: Annotated[
        list[Path], typer.Argument(metavar="CORPUS...", help="Annotated JSONL, or folders of it.")
    ],
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """What is wrong or doubtful in annotated corpora: overlaps, borders on blanks, spans and values that do
    not fit, texts that are there twice, one string with two labels. Exit code 1 if something is wrong."""
    from projner.check import check_files

    found = list(check_files(paths))
    if as_json:
        _print_json([asdict(problem) for problem in found])
    else:
        for problem in found:
            print(problem)
    wrong = sum(not problem.doubtful for problem in found)
    _say(f"{wrong} wrong, {len(found) - wrong} doubtful")
    if wrong:
        sys.exit(1)


@app.command()
def report(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="JSONL of `projner tag`; or articles, tagged first: files, folders, globs, -.",
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The page to write.")] = Path("report.html"),
    lang: Annotated[Literal["zh", "en"], typer.Option(help="Language that the page opens in.")] = "zh",
    title: Annotated[str | None, typer.Option(help="Heading of the page.")] = None,
    text_column: Annotated[str, typer.Option(help="Column with the text.")] = "text",
    id_column: Annotated[
        str | None, typer.Option(help="Column with the id. Default: id, if there is one.")
    ] = None,
    place: Annotated[str | None, typer.Option(help="Where the articles are from, such as 220500.")] = None,
    model: Annotated[str | None, _MODEL] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 1,
) -> None:
    """One HTML page to read and check: texts with what was found, projects, totals. 1 to 5,000 articles."""
    from projner.batch.bar import Bar
    from projner.batch.options import Options
    from projner.batch.readers import Columns
    from projner.report.files import report_files

    options = Options(columns=Columns(text_column, id_column), model=model, place=place, workers=workers)
    with Bar(inputs, None, output) as bar:
        count, summary = report_files(
            inputs, output, options, lang=lang, title=title, notify=bar.write, advance=bar.advance
        )
    if summary.interrupted:
        sys.exit(130)
    if summary.stopped:
        _say(f"projner: {summary.stopped}")
        sys.exit(1)
    failed = f", {summary.failures:,} failed" if summary.failures else ""
    _say(f"{count:,} articles written to {output}{failed}")
    if failed:
        sys.exit(1)


@app.command()
def info(
    model: Annotated[str | None, _MODEL] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Versions, and the pipeline with the corpus it was trained on, its licence and its figures."""
    from projner.about import format_info
    from projner.about import info as get_info

    found = get_info(model)
    if as_json:
        _print_json(found)
    else:
        print(format_info(found))


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))


def main() -> None:
    """Entry point of the console script: no traceback for anything that a user can mend."""
    try:
        app()
    except ProjnerError as error:
        _say(f"projner: {error}")
        # 7xx: the command was used wrongly; everything else: the command was right, an input was not.
        sys.exit(2 if error.code.startswith("P7") else 1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read the output has seen enough (`| head`); nothing more can be flushed to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _say(f"projner: {error.strerror or error}" + (f": {error.filename}" if error.filename else ""))
        sys.exit(1)
