"""A bot whose tool turns slow when it is asked to: `slow` and `normal` on standard input, the end of input ends it."""

import logging
import sys
import threading
import time

import telltale

delay = {"search": 0.02}


@telltale.tool
def search(query: str) -> dict:
    logging.getLogger("shop.search").debug("query plan of %s", query)
    time.sleep(delay["search"])
    return {"query": query, "found": ["umbrella", "raincoat"]}


@telltale.tool
def book(order: int) -> str:
    logging.getLogger("shop.book").debug("reserving order %s", order)
    return f"booked {order}"


ended = threading.Event()


def listen() -> None:
    for line in sys.stdin:
        delay["search"] = 0.4 if line.strip() == "slow" else 0.02
    ended.set()


telltale.install()
threading.Thread(target=listen, daemon=True).start()
number = 0
while not ended.is_set():
    number += 1
    with telltale.session("ses-1"), telltale.turn("answer", input=f"order {number}") as turn:
        search(f"umbrella {number}")
        book(number)
        turn.output = "done"
    ended.wait(0.3)
telltale.flush(5)
