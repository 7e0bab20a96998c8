"""Payload classes can be made at run time, as many as there are questions."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

import msgspec

from socialmetrics import typed as module
from socialmetrics.decode import decode
from tests.core.wires import response


def test_no_number_of_payload_classes_fills_the_memory() -> None:
    kinds = [
        msgspec.defstruct(f"Payload{number}", [("value", int)]) for number in range(600)
    ]

    found = [decode(kind, response(b'{"value":7}')).payload for kind in kinds]

    assert found == [kind(value=7) for kind in kinds]
    assert len(module.DECODERS) < 300


RACE: Final = """
import sys, threading
import msgspec
from socialmetrics.typed import converted, decoder

sys.setswitchinterval(1e-5)
for number in range(25):
    fields = [(f"field_{number}_{place}", int, 0) for place in range(40)]
    row = msgspec.defstruct("Row", fields)
    payload = msgspec.defstruct("Payload", [("data", list[row])])
    start = threading.Barrier(4)

    def work():
        start.wait()
        for _ in range(3):
            decoder(payload).decode(b'{"data":[{}]}')
            converted({"data": [{}]}, payload)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
"""


def test_threads_that_meet_a_payload_class_at_once_do_not_crash_the_interpreter() -> (
    None
):
    """In a process of its own: without the lock it ends by a segmentation fault."""
    done = subprocess.run([sys.executable, "-c", RACE], check=False)  # noqa: S603 - ours

    assert done.returncode == 0


class Number(msgspec.Struct, frozen=True):
    value: float | str


class Whole(Number, frozen=True):
    value: int  # pyright: ignore[reportIncompatibleVariableOverride]  # frozen


def test_a_quick_kind_is_taken_where_it_fits_and_no_doubt_where_not() -> None:
    bodies = [b'{"value":7}', b'{"value":"7"}']

    found = [decode(Number, response(body), Whole) for body in bodies]

    assert [answer.payload for answer in found] == [Whole(7), Number("7")]
    assert [answer.issues for answer in found] == [(), ()]


def test_a_strict_answer_has_no_quick_kind() -> None:
    found = decode(Number, response(b'{"value":7}', strict=True), Whole)

    assert type(found.payload) is Number
