"""The chatbot with something to do: `python loop.py --telltale` answers one request after the other until its input ends.

Its tools take as long as a database does. The line `slow search_products` on its input makes that tool twenty times as slow,
`normal search_products` ends it. `npx telltale demo --with-sdk` runs this, and shows what Telltale makes of it.
"""

import signal
import sys
import threading
import time

from tools import TOOLS

NORMAL_S, SLOW_S, PAUSE_S = 0.02, 0.4, 0.1
REQUESTS = ["where is order A-17?", "anything against rain?"]
slow = set()
ended = threading.Event()


def taking_time(name, function):
    def tool(**arguments):
        result = function(**arguments)
        time.sleep(SLOW_S if name in slow else NORMAL_S)
        return result

    tool.__name__ = name
    return tool


def listen():
    for line in sys.stdin:
        word, _, name = line.strip().partition(" ")
        if word == "slow":
            slow.add(name)
        else:
            slow.discard(name)
    ended.set()


def main():
    # Ctrl-C reaches every program of a terminal; this one ends with its input, and sends what it still has.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    TOOLS.update({name: taking_time(name, function) for name, function in TOOLS.items()})
    import bot  # It wraps the tools as it finds them.
    import model

    url = model.start()
    threading.Thread(target=listen, daemon=True).start()
    nth = 0
    while not ended.wait(PAUSE_S):
        said = REQUESTS[nth % len(REQUESTS)]
        nth += 1
        with bot.session("demo-session"), bot.turn("answer", input=said) as one:
            reply = bot.answer(url, said)
            if one:
                one.set(output=reply)


if __name__ == "__main__":
    main()
