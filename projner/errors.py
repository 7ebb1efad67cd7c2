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
    P101 = _Template("{text!r} is no amount of money: give one amount, as in 1.47亿元, 3-5亿元 or ￥3,000.")
    P102 = _Template("{code!r} is no currency of the table: give an ISO 4217 code such as CNY or USD.")
    P103 = _Template("No rate from {source} to {target}: rates need {source!r} with a positive number.")
    P104 = _Template("This is no amount as to_dict() writes it ({problem}).")
    P105 = _Template("{value!r} is no value for {name}: use one of {allowed}.")
    # 2xx region
    P201 = _Template("This is no gazetteer: give a file written by Gazetteer.to_disk.")
    P202 = _Template(
        "Row {row} has unknown columns ({columns}): use name, level, code, parent, aliases, former."
    )
    P203 = _Template(
        "Row {row}: level {level!r} is none of country, province, city, county, town, village, zone, macro."
    )
    P204 = _Template(
        "Row {row}: parent {parent!r} is no code and no name that only one division has; give its code."
    )
    P205 = _Template("Row {row}: code {code!r} is neither six digits nor two capital letters.")
    P206 = _Template("Row {row} has no usable name: give one without tabs, line breaks or '|'.")
    P207 = _Template(
        "Place {place!r} is no code and no name that only one division has; give its six-digit code."
    )
    # 3xx company
    P301 = _Template("this is no stored company ({problem}); write it with Company.to_dict")
    P302 = _Template("row {row} of the company list has no name; fill in the column name")
    P303 = _Template("the company list has columns {columns}; it needs name, and may have aliases and id")
    P304 = _Template("{alias} stands for two companies in the list, {first} and {second}; keep it at one")
    P305 = _Template("cannot read the company list {path} ({problem}); give a CSV file in UTF-8")
    P306 = _Template("the stored company list is damaged ({problem}); save the pipeline again")
    # 4xx project
    P401 = _Template("this is no stored project ({problem}); write it with Project.to_dict")
    P402 = _Template("projner.to_frame needs pandas, which is not installed; run pip install pandas")
    # 5xx files and rows
    P501 = _Template("is neither UTF-8 nor GB18030 (byte {byte:#04x} at {offset}); convert it to UTF-8")
    P502 = _Template("is no text (it holds zero bytes); give plain text, JSONL, CSV or Parquet")
    P503 = _Template("is UTF-16; convert it to UTF-8 (iconv -f UTF-16 -t UTF-8)")
    P504 = _Template("cannot be read: {reason}")
    P505 = _Template("is no JSON: {reason}")
    P506 = _Template("is no JSON object but {kind}; each line of JSONL is one object")
    P507 = _Template(
        "has no column {column!r}; it has {columns}: name the right one with --text-column or --id-column"
    )
    P508 = _Template("column {column!r} holds {kind}, not text")
    P509 = _Template("holds a lone surrogate (half a character); the text was broken before it got here")
    P510 = _Template("has {found} cells where the header has {expected}")
    P511 = _Template("is no CSV: {reason}")
    P512 = _Template("needs {package}: pip install 'projner[batch]'")
    P513 = _Template("is of no known kind ({suffix}); known are {known}, or say what it is with --format")
    P514 = _Template("holds no file that can be read; known are {known}")
    P515 = _Template("does not exist")
    P516 = _Template("matches no file")
    P517 = _Template("the pipeline failed: {reason}")
    P518 = _Template("the worker died on it twice")
    P519 = _Template("is no Parquet file: {reason}")
    P520 = _Template("has neither 'spans' nor 'entities'; an annotated row has one of them as a list")
    P521 = _Template("a span needs whole numbers 'start', 'end' and a 'label', this one is {span}")
    P522 = _Template("span {start}-{end} {label} does not fit: it says {said!r}, the text there is {found!r}")
    P523 = _Template("{value!r} is no number")
    P524 = _Template("{place}: {reason}")
    P530 = _Template("{path} row {row}: needs an 'id' to be evaluated")
    P531 = _Template(
        "{path}: no row for {id!r} ({count} gold rows have none); tag the same file and compare again"
    )
    P532 = _Template(
        "row {id!r}: gold and predicted text differ from character {at}: {gold!r} and {predicted!r}"
    )
    P533 = _Template("{path}: no rows, nothing to evaluate")
    P534 = _Template("{path} row {row}: id {id!r} is there twice")
    P535 = _Template("has no 'text' (or it is no text); an annotated row needs it")
    P536 = _Template("span {start}-{end} {label} {text!r} starts or ends inside a run of blanks; trim it")
    P537 = _Template("spans overlap: {first} and {second}; annotation is flat")
    P540 = _Template("{path}: is of no known annotation format; name it with --from or --to: {known}")
    P541 = _Template("{path}: {reason}")
    P542 = _Template("{path}: no JSONL to load (a folder of JSONL files, or folders of them, is a corpus)")
    P543 = _Template("has no list {name!r} of labelled spans")
    P544 = _Template("token {token!r} does not stand next in the text, which goes on with {text!r}")
    P545 = _Template("{line!r} is no token with a tag such as B-REGION or O")
    P550 = _Template("the dataset has no column {column!r}; it has {columns}")
    P551 = _Template("the dataset has a column {column!r} already; rename it first")
    P552 = _Template("{text!r}...: {reason}")
    P553 = _Template("column {column!r} holds no UTF-8 (byte {byte:#04x} at {offset})")
    # 6xx tagger and training
    P601 = _Template(
        "There is nothing to learn: no example has an entity. Give annotated examples, or labels."
    )
    P602 = _Template(
        "Label {label!r} cannot be added to a trained tagger; give all labels at initialization."
    )
    P603 = _Template("The span {text!r} has label {label!r}, which this tagger does not know ({labels}).")
    P604 = _Template("The pretrained weights name {name!r}, which this architecture does not have.")
    P605 = _Template("The pretrained weights {name!r} have shape {got}; this architecture wants {want}.")
    P606 = _Template("There are no lists of names at {path}; make them with training/build_lexicon.py.")
    P607 = _Template(
        "There are no pretrained weights at {path}; leave the path out to start from random ones."
    )
    P608 = _Template(
        "There is no {names} at paths.transformer ({path}): "
        "give --paths.transformer FOLDER with a BERT checkpoint."
    )
    P609 = _Template("The vocabulary {path} lacks {pieces}; give that of a BERT checkpoint.")
    P610 = _Template("The checkpoint {path} is of type {kind!r}; this config is for bert.")
    P611 = _Template("The checkpoint {path} has other sizes than the config; add {options}")
    P612 = _Template(
        "The saved tagger has weights ({names}) that its architecture has no place for: another version of "
        "projner made it; train it again."
    )
    P620 = _Template("There is no config {name!r}; name one of {known}, or a file.")
    P621 = _Template(
        "There is nothing at paths.{name} ({path}): give --paths.{name} FILE with annotated texts."
    )
    P622 = _Template(
        "The tagger has no layer {name!r} to train: name some of {known} as training.before_update.layers."
    )
    P650 = _Template(
        "The word model is incomplete, {path} is missing: reinstall projner, or run training/train_words.py."
    )
    P651 = _Template("Entity {start}-{end} lies outside the text of {length} characters.")
    # 7xx command line and report
    P701 = _Template("{name!r} is no format; there are {known}")
    P710 = _Template("{path}: output is written as {known}; give a name with one of these suffixes")
    P711 = _Template("{path} cannot be written: {reason}")
    P712 = _Template("{path} is an input too; write to another file")
    P713 = _Template("--resume needs -o: only a file can be gone on with")
    P714 = _Template("--resume goes on reading where it stopped, and standard input cannot be read again")
    P715 = _Template("pipeline {name} cannot be loaded: {reason}")
    P716 = _Template(
        "{path} is unfinished (see {progress}): go on with --resume, or delete both and start again"
    )
    P717 = _Template(
        "--place {place!r} is no code and no name that only one division has; give its six-digit code"
    )
    P718 = _Template("there is no pipeline {name}: no meta.json there, and no package of that name")
    P719 = _Template("--flat gives a row an entity and --projects a row a project; give one of the two")
    P720 = _Template("{path}: {reason}; delete it and the output, and start again")
    P721 = _Template("--resume: {name} was {before} and is now {now}; go on with the same, or start again")
    P722 = _Template(
        "--resume: the first {count} rows of the input are no longer those that were tagged; start again"
    )
    P723 = _Template("--bom is for CSV and the output is {kind}; leave it out, or write to a .csv file")
    P730 = _Template("no worker can be started: {reason}")
    P731 = _Template(
        "workers died {count} times without one document done; the pipeline or the memory is the fault"
    )
    P740 = _Template("there is nothing to report: no article was given")
    P741 = _Template("a report holds at most {limit:,} articles: give part of them")
    P742 = _Template("article {number} (id {id!r}): {reason}")
    P743 = _Template("project {name!r} points to entities that the row does not have")
    P744 = _Template("{lang!r} is no language of the report; known are {known}")
    P745 = _Template("{tagged} is tagged and {other} is not: report the one or the other")
