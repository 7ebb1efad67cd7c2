"""`projner train`: spaCy's train with our configs, and what these load: annotated texts mixed with rehearsal
texts, and the lists and layers of a trained pipeline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from projner.errors import Errors

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.language import Language
    from spacy.training import Example

    from projner.rows import Row
    from projner.tagger.component import Tagger

_HERE = Path(__file__).parent
CONFIGS = _HERE / "configs"
REHEARSAL = _HERE / "data" / "rehearsal.jsonl.gz"
OURS = "projner"
_TAGGER = "projner_tagger"
# Their sizes follow from the labels, so they cannot be taken over by a tagger with other labels.
_LABEL_LAYERS = ("wide", "wide_marks", "output", "crf", "revision")


def configs() -> list[str]:
    """The names of the configs that ship with projner."""
    return sorted(path.stem for path in CONFIGS.glob("*.cfg"))


def config_path(config: str) -> Path:
    """A config by the name of one that ships with projner, or by its path.

    Raises:
        ProjnerError: it is neither.
    """
    for path in (CONFIGS / f"{config}.cfg", Path(config)):
        if path.is_file():
            return path
    raise Errors.P620.format(name=config, known=", ".join(configs()))


def train(
    config: str, output: Path, overrides: Mapping[str, Any] | None = None, *, use_gpu: int = -1
) -> None:
    """Train a pipeline with `spacy train`; the folder gets `model-best` and `model-last`.

    Args:
        config: the name of a config that ships with projner, or a path.
        output: the folder to write to.
        overrides: values that replace those of the config, such as {"paths.train": "train.jsonl"}.
        use_gpu: the number of a GPU; -1 for the CPU.

    Raises:
        ProjnerError: there is no such config, or no file where the config or an override names one.
    """
    import spacy.cli.train
    from spacy.util import load_config

    path = config_path(config)
    overrides = dict(overrides or {})
    paths = load_config(path, overrides=overrides, interpolate=True).get("paths", {})
    for name in ("train", "dev"):
        if paths.get(name) is None or not Path(paths[name]).exists():
            raise Errors.P621.format(name=name, path=paths.get(name))
    spacy.cli.train.train(path, output, use_gpu=use_gpu, overrides=overrides)


def mixed_corpus(
    path: str | None, rehearsal: str | None = None, share: float = 0.5
) -> Callable[[Language], Iterator[Example]]:
    """`projner.Mixed.v1`: annotated texts, and texts of the trained pipeline so that it does not forget.

    Args:
        path: annotated texts in any format that `projner convert` knows by its suffix.
        rehearsal: more annotated texts; "projner" for those that ship with it, None for none.
        share: the least share (below 1) of the first among all texts; they are repeated to reach it.
    """

    def examples(nlp: Language) -> Iterator[Example]:
        from spacy.training import Example

        from projner.rows import row_to_doc

        for row in mix(_read(path), _read(rehearsal) if rehearsal is not None else [], share):
            reference = row_to_doc(row, nlp)
            yield Example(nlp.make_doc(reference.text), reference)

    return examples


def mix(own: Iterable[Row], rehearsal: Iterable[Row], share: float) -> list[Row]:
    """All rows once, and the own ones as often as makes them the given share of all."""
    own, rehearsal = list(own), list(rehearsal)
    if not own or not rehearsal:
        return own + rehearsal
    times = round(share / (1 - share) * len(rehearsal) / len(own))
    return own * max(1, times) + rehearsal


def lists_of(pipeline: str) -> Callable[[Language], Language]:
    """`projner.ListsOf.v1`: a new tagger takes over the lists of names of a trained pipeline."""

    def before_init(nlp: Language) -> Language:
        tagger: Any = nlp.get_pipe(_TAGGER)
        tagger.lexicon = _tagger(pipeline).lexicon
        return nlp

    return before_init


def weights_of(pipeline: str) -> Callable[[], dict[str, NDArray[Any]]]:
    """`projner.WeightsOf.v1`: the layers of a trained pipeline that do not depend on its labels."""

    def weights() -> dict[str, NDArray[Any]]:
        model: Any = _tagger(pipeline).model
        own = [name for name in _LABEL_LAYERS if model.has_ref(name)]
        return {f"{name}.{param}": value for (name, param), value in _params(model, but=own).items()}

    return weights


def train_only(pipeline: str, layers: Sequence[str]) -> Callable[..., Language]:
    """`projner.TrainOnly.v1`: a tagger goes on learning in some layers, its others stay as they are.

    A few texts cannot say anew what a name looks like at all, which is what the layers say that all texts
    share; moved by them they forget. What the texts can add are their own words.

    Args:
        pipeline: the trained pipeline with which the training began.
        layers: the names of the layers to train.

    Returns:
        What puts the others back, for `before_update` and `before_to_disk`.

    Raises:
        ProjnerError: at the first call, if there is no such layer.
    """
    kept: dict[tuple[str, str], Any] = {}

    def put_back(nlp: Language, step: Mapping[str, int] | None = None) -> Language:
        tagger: Any = nlp.get_pipe(_TAGGER)
        if not kept:
            kept.update(_params(_tagger(pipeline).model, layers))
        for (name, param), value in kept.items():
            tagger.model.get_ref(name).set_param(param, tagger.model.ops.asarray(value.copy()))
        return nlp

    return put_back


def _params(model: Any, but: Sequence[str]) -> dict[tuple[str, str], Any]:
    """The parameters of all named layers but some."""
    known = {name: model.get_ref(name) for name in sorted(model.ref_names) if model.has_ref(name)}
    for name in but:
        if name not in known:
            raise Errors.P622.format(name=name, known=", ".join(known))
    return {
        (name, param): layer.get_param(param)
        for name, layer in known.items()
        if name not in but
        for param in layer.param_names
        if layer.has_param(param)
    }


def _tagger(pipeline: str) -> Tagger:
    import spacy

    tagger: Any = spacy.load(pipeline).get_pipe(_TAGGER)
    return tagger  # type: ignore[no-any-return]


def _read(path: str | None) -> Iterator[Row]:
    from projner.convert import FORMATS, format_of

    if path is None:
        raise Errors.P621.format(name="train", path=path)
    file = REHEARSAL if path == OURS else Path(path)
    return FORMATS[format_of(file)].read(file)
