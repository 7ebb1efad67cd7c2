"""The trainable spaCy component: characters in, REGION, COMPANY and MONEY (or a user's own labels) out."""

# No `from __future__ import annotations`: spaCy reads the annotations of `initialize` as types.

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import srsly  # type: ignore[import-untyped]
from spacy.errors import Errors as SpacyErrors
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.scorer import Scorer
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.vocab import Vocab
from thinc.api import Config, Model, Optimizer

from projner.characters import text_of
from projner.errors import Errors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from projner.tagger.features import Features
    from projner.tagger.lexicon import Lexicon

Prediction = list[tuple[int, int, str, float]]

DEFAULT_MODEL = Config().from_str('[model]\n@architectures = "projner.WideDeep.v2"\n')["model"]
# Spans whose borders a rule has mended are as sure as the rule.
MENDED_SCORE = 0.9
# Chances are summed over more of the text than the best path is sought in, see `crf.unsure`.
_FOR_CHANCES = 4.0
# Texts are tagged in groups of about so many characters, which bounds memory.
_GROUP = 50_000
# Keeps the step size independent of how long the texts are.
_LOSS_SCALE = 0.05


@Language.factory(
    "projner_tagger",
    assigns=["doc.ents", "span._.score"],
    default_config={"model": DEFAULT_MODEL},
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
def make_tagger(nlp: Language, name: str, model: Model[Any, Any]) -> "Tagger":
    """The trainable tagger.

    Args:
        nlp: the pipeline; its tokens should be characters, so that every span falls on token borders.
        name: the name of the component in it.
        model: an architecture such as projner.WideDeep.v2.
    """
    return Tagger(nlp.vocab, model, name)


class Tagger(TrainablePipe):  # type: ignore[misc]
    """Finds named spans by a CRF over the scores of a network; sets `doc.ents` and `span._.score`."""

    def __init__(self, vocab: Vocab, model: Model[Any, Any], name: str = "projner_tagger") -> None:
        from projner.extensions import register
        from projner.tagger.lexicon import Lexicon
        from projner.tagger.tags import TagScheme

        register()
        self.vocab = vocab
        self.model = model
        self.name = name
        self.cfg: dict[str, Any] = {"labels": [], "evidence": [], "calibration": [1.0, 0.0], "thresholds": {}}
        self.scorer: Callable[..., dict[str, Any]] = score_spans
        self.lexicon: Lexicon = Lexicon()
        self.tags: TagScheme = TagScheme(())

    @property
    def labels(self) -> tuple[str, ...]:
        return self.tags.labels

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: Sequence[str] | None = None,
        lexicon: Callable[[], Any] | None = None,
        weights: Callable[[], Any] | None = None,
    ) -> None:
        """Set labels and lists of names, and start from random or given weights.

        Args:
            get_examples: gives the training examples; their labels are taken where `labels` is not given.
            nlp: not used.
            labels: the labels to learn.
            lexicon: gives {category: names}, at most 32 categories; they become features.
            weights: gives pretrained parameters by the name of their layer, see `projner.tagger.pretraining`.
        """
        from projner.tagger.architecture import set_sizes
        from projner.tagger.lexicon import Lexicon
        from projner.tagger.pretraining import set_weights

        if labels is None:
            labels = sorted({ent.label_ for example in get_examples() for ent in example.reference.ents})
        if not labels:
            raise Errors.P601.format()
        self._set_labels(labels)
        if lexicon is not None:
            self.lexicon = Lexicon.build(lexicon())
        set_sizes(self.model, self.tags.size, len(self.lexicon.categories))
        self.model.initialize()
        pretrained = weights() if weights is not None else None
        if pretrained is not None:
            set_weights(self.model, pretrained)

    def add_label(self, label: str) -> int:
        raise Errors.P602.format(label=label)

    def _set_labels(self, labels: Sequence[str]) -> None:
        from projner.tagger.tags import TagScheme

        self.cfg["labels"] = list(labels)
        self.tags = TagScheme(labels)

    # Prediction

    def predict(self, docs: Iterable[Doc]) -> list[Prediction]:
        """Spans (start character, end character, label, score) of every document."""
        texts = [text_of(doc) for doc in docs]
        out: list[Prediction] = []
        for group in _groups(texts):
            out.extend(self._predict_texts(group))
        return out

    def _predict_texts(self, texts: Sequence[str]) -> Iterator[Prediction]:
        from projner.tagger import crf
        from projner.tagger.borders import mend

        features = self._features(texts)
        emissions = self.model.predict(features)
        bounds = bounds_of(texts, features.spans)
        layer = "crf"
        tags = self._decode(emissions, layer, bounds)
        if self.model.get_ref("revision").has_param("E"):
            layer = "revision"
            emissions, tags = self._revise(texts, features, emissions, tags, bounds)
        pieces = crf.unsure(emissions, bounds, _FOR_CHANCES)
        confidence = crf.confidence(emissions, *self._transitions(layer), tags, pieces)
        all_found = [self.tags.decode(tags[start:end]) for start, end in features.spans]
        lent = self._lent(texts, features, all_found, emissions, layer, bounds)
        for text, (start, _), found, more in zip(texts, features.spans, all_found, lent, strict=True):
            scores = {
                span: self._score(float(confidence[start + span[0] : start + span[1]].min()))
                for span in found
            }
            scores |= more
            spans = []
            for span in mend(text, sorted(scores), self.lexicon.categories_of):
                score = scores.get(span, MENDED_SCORE)
                if score >= self.cfg["thresholds"].get(span[2], 0.0):
                    spans.append((*span, score))
            yield spans

    def _lent(
        self,
        texts: Sequence[str],
        features: "Features",
        found: "list[list[tuple[int, int, str]]]",
        emissions: "NDArray[np.float32]",
        layer: str,
        bounds: "NDArray[np.int64]",
    ) -> list[dict[tuple[int, int, str], float]]:
        """Further regions of every text with their scores, see `projner.tagger.lend`."""
        from projner.tagger import crf, lend

        lent: list[dict[tuple[int, int, str], float]] = [{} for _ in texts]
        if "REGION" not in self.tags.labels:
            return lent
        places = [
            (number, start, end)
            for number, (text, spans) in enumerate(zip(texts, found, strict=True))
            for start, end in lend.candidates(text, spans, self.lexicon.categories_of)
        ]
        if not places:
            return lent
        offsets = features.spans[:, 0]
        sentences = (
            np.searchsorted(bounds[:, 0], [offsets[n] + start for n, start, _ in places], side="right") - 1
        )
        layout = crf.Layout.of(bounds[np.unique(sentences)])
        probabilities = crf.marginals(emissions, *self._transitions(layer), layout)[0]
        begin = 1 + 4 * self.tags.labels.index("REGION")
        for (number, start, end), sentence in zip(places, sentences, strict=True):
            first, last = offsets[number] + start, offsets[number] + end
            if last > bounds[sentence, 1]:
                continue  # a sentence cut for its length
            likely = probabilities[first, begin] * probabilities[last - 1, begin + 2]
            if likely >= lend.least(texts[number], start):
                lent[number][start, end, "REGION"] = lend.SCORE
        return lent

    def _score(self, probability: float) -> float:
        slope, offset = self.cfg["calibration"]
        return round(float(1 / (1 + np.exp(-(slope * logit(probability) + offset)))), 4)

    def first_pass(self, text: str) -> "tuple[NDArray[np.float32], NDArray[np.int64]]":
        """Scores of shape (len(text), tags) and the best tags, before the rest of the text has its say."""
        features = self._features([text])
        emissions = self.model.predict(features)
        tags = self._decode(emissions, "crf", bounds_of([text], features.spans))
        start, end = features.spans[0]
        return emissions[start:end].copy(), tags[start:end].copy()

    def set_revision(
        self,
        params: Sequence[Any],
        evidence: Sequence[str],
        calibration: tuple[float, float],
        thresholds: dict[str, float],
    ) -> None:
        """Take over the second pass and the calibration of scores that `training/revise.py` learns.

        Args:
            params: the table of `projner.tagger.revision`, transitions, scores of first and of last tags.
            evidence: the labels that one mention lends to others.
            calibration: slope and offset of the logistic curve from the log odds of a span's least sure
                character to its score.
            thresholds: {label: score below which a span is dropped}.
        """
        layer = self.model.get_ref("revision")
        for name, array in zip(("E", "T", "first", "last"), params, strict=True):
            layer.set_param(name, array)
        self.cfg["evidence"] = list(evidence)
        self.cfg["calibration"] = list(calibration)
        self.cfg["thresholds"] = dict(thresholds)

    def set_annotations(self, docs: Iterable[Doc], predictions: Iterable[Prediction]) -> None:
        for doc, spans in zip(docs, predictions, strict=True):
            ents: list[Span] = []
            for start, end, label, score in spans:
                span = doc.char_span(start, end, label=label)
                if span is not None:
                    span._.score = score
                    ents.append(span)
            doc.set_ents(ents)

    def _features(self, texts: Sequence[str]) -> "Features":
        from projner.tagger.features import extract

        return extract(texts, self.lexicon, **self.model.attrs["sizes"])

    def _decode(
        self, emissions: "NDArray[np.float32]", layer: str, bounds: "NDArray[np.int64]"
    ) -> "NDArray[np.int64]":
        from projner.tagger import crf

        return crf.viterbi(emissions, *self._transitions(layer), crf.Layout.of(crf.unsure(emissions, bounds)))

    def _revise(
        self,
        texts: Sequence[str],
        features: "Features",
        emissions: "NDArray[np.float32]",
        tags: "NDArray[np.int64]",
        bounds: "NDArray[np.int64]",
    ) -> "tuple[NDArray[np.float32], NDArray[np.int64]]":
        """Scores and tags of the second pass."""
        from projner.tagger import revision

        labels = self.cfg["evidence"]
        numbers = np.zeros((len(tags), revision.N_NUMBERS), dtype=np.int64)
        for text, (start, end) in zip(texts, features.spans, strict=True):
            revision.write_rows(numbers[start:end], text, tags[start:end], self.tags, labels)
        table: Any = self.model.get_ref("revision").get_param("E")
        revised = revision.correct(emissions, table, numbers)
        return revised, self._decode(revised, "revision", bounds)

    def _transitions(
        self, layer: str
    ) -> "tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]":
        params = self.model.get_ref(layer)
        learned: list[Any] = [params.get_param(name) for name in ("T", "first", "last")]
        between, first, last = (
            scores + allowed for scores, allowed in zip(learned, self.tags.constraints(), strict=True)
        )
        return between, first, last

    # Training

    def update(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,
        sgd: Optimizer | None = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """One step on a batch. Dropout rates are the architecture's own; `drop` is not used."""
        from projner.tagger import crf

        losses = {} if losses is None else losses
        losses.setdefault(self.name, 0.0)
        pairs = [(text_of(example.reference), example.reference) for example in examples]
        pairs = [pair for pair in pairs if pair[0].strip()]
        if not pairs:
            return losses
        texts = [text for text, _ in pairs]
        features = self._features(texts)
        emissions, backprop = self.model.begin_update(features)
        gold = np.zeros(len(emissions), dtype=np.int64)
        for (_, doc), (start, end) in zip(pairs, features.spans, strict=True):
            gold[start:end] = self.tags.encode(int(end - start), _gold(doc, self.tags.labels))
        layout = crf.Layout.of(bounds_of(texts, features.spans))
        loss, d_emissions, d_transitions = crf.gradients(emissions, *self._transitions("crf"), gold, layout)
        scale = _LOSS_SCALE / len(texts)
        backprop(d_emissions * scale)
        layer = self.model.get_ref("crf")
        for name, gradient in zip(("T", "first", "last"), d_transitions, strict=True):
            scaled: Any = gradient * scale
            layer.inc_grad(name, scaled)
        if sgd is not None:
            self.finish_update(sgd)
        losses[self.name] += loss
        return losses

    def get_loss(self, examples: Iterable[Example], scores: Any) -> tuple[float, float]:
        raise NotImplementedError(
            SpacyErrors.E931.format(parent="projner_tagger", method="get_loss", name=self.name)
        )

    # Serialization

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        data: bytes = srsly.msgpack_dumps({"cfg": self.cfg, "weights": self._pack()})
        return data

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> "Tagger":
        message = srsly.msgpack_loads(data)
        self._unpack(message["cfg"], message["weights"])
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        path = Path(path)
        path.mkdir(parents=True, exist_ok=True)
        srsly.write_json(path / "cfg", self.cfg)
        (path / "weights.npz").write_bytes(self._pack())

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> "Tagger":
        path = Path(path)
        self._unpack(srsly.read_json(path / "cfg"), (path / "weights.npz").read_bytes())
        return self

    def _pack(self) -> bytes:
        from projner.tagger import pack

        return pack.dump({**self.lexicon.to_arrays(), **pack.pack_model(self.model)})

    def _unpack(self, cfg: dict[str, Any], weights: bytes) -> None:
        from projner.tagger import pack
        from projner.tagger.lexicon import Lexicon

        self.cfg = {**self.cfg, **cfg}
        self._set_labels(cfg["labels"])
        arrays = pack.load(weights)
        self.lexicon = Lexicon.from_arrays(arrays)
        pack.unpack_model(self.model, arrays)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.vocab, self.model, self.name, self.cfg, self.lexicon)


def _restore(
    cls: type[Tagger],
    vocab: Vocab,
    model: Model[Any, Any],
    name: str,
    cfg: dict[str, Any],
    lexicon: "Lexicon",
) -> Tagger:
    """Unpickle by the constructor, which registers the extensions in the new process too."""
    tagger = cls(vocab, model, name)
    tagger.cfg = cfg
    tagger.lexicon = lexicon
    tagger._set_labels(cfg["labels"])
    return tagger


def score_spans(examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
    """Precision, recall and F1 of exact spans, over all and per label."""
    return Scorer.score_spans(examples, "ents", allow_overlap=False, **kwargs)


def _gold(doc: Doc, labels: Sequence[str]) -> list[tuple[int, int, str]]:
    spans = []
    for ent in doc.ents:
        if ent.label_ not in labels:
            raise Errors.P603.format(label=ent.label_, text=ent.text, labels=", ".join(labels))
        spans.append((ent.start_char, ent.end_char, ent.label_))
    return spans


def _groups(texts: Sequence[str]) -> Iterator[list[str]]:
    group: list[str] = []
    size = 0
    for text in texts:
        if group and size + len(text) > _GROUP:
            yield group
            group, size = [], 0
        group.append(text)
        size += len(text)
    if group:
        yield group


def bounds_of(texts: Sequence[str], spans: "NDArray[np.int64]") -> "NDArray[np.int64]":
    """Start and end of every sentence of joined texts; spans: those of each text in the joined one."""
    from projner.tagger.text import segments

    bounds = [
        (start + first, start + last)
        for text, (start, _) in zip(texts, spans, strict=True)
        for first, last in segments(text)
    ]
    return np.array(bounds, dtype=np.int64).reshape(-1, 2)


def logit(probability: float) -> float:
    """Log odds, for probabilities kept off 0 and 1."""
    kept = min(max(probability, 1e-4), 1 - 1e-4)
    return float(np.log(kept / (1 - kept)))
