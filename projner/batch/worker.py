"""A worker process: pickled batches on its standard input, their outcomes on its standard output."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from typing import IO, Any

from projner.errors import ProjnerError


def serve(requests: IO[bytes], replies: IO[bytes]) -> None:
    """Answer batches until the input ends. The first request is a function without arguments that makes the
    tagger; the first reply is None, or the reason why there is none."""
    try:
        make = pickle.load(requests)
        tagger = make()
    except Exception as error:
        _reply(replies, str(error) if isinstance(error, ProjnerError) else f"{type(error).__name__}: {error}")
        return
    _reply(replies, None)
    while True:
        try:
            tasks = pickle.load(requests)
        except EOFError:
            return
        _reply(replies, tagger(tasks))


def _reply(replies: IO[bytes], value: Any) -> None:
    pickle.dump(value, replies, protocol=pickle.HIGHEST_PROTOCOL)
    replies.flush()


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a component prints must not get between the replies
    try:
        serve(sys.stdin.buffer, replies)
    except BrokenPipeError:
        os._exit(1)  # the parent is gone


if __name__ == "__main__":
    main()
